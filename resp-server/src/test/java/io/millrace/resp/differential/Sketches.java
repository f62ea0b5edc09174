package io.millrace.resp.differential;

import java.util.List;
import java.util.Locale;

/**
 * Forms of the commands under comparison. A word with a dollar sign is filled in at random: {@code
 * $k} any key, {@code $s $h $l $t $z $x} mostly a string, hash, list, set, sorted set or stream
 * key, {@code $v} a value, {@code $f} a hash field, {@code $m} a member, {@code $n} a small
 * integer, {@code $i} an index, {@code $d} a decimal, {@code $r} a score bound, {@code $b} a
 * lexicographic bound, {@code $g} a glob pattern, {@code $e} a far deadline in seconds, {@code $E}
 * one in milliseconds, {@code $q} a database, {@code $c} a small count, {@code $w} a stream id.
 */
final class Sketches {
  private static final String TEXT =
      """
      PING
      PING $v
      ECHO $v
      SELECT $q
      DBSIZE
      EXISTS $k $k
      TYPE $k
      DEL $k
      DEL $k $k
      UNLINK $k
      TOUCH $k $k
      EXPIRE $k $e
      EXPIRE $k $e NX
      EXPIRE $k $e XX
      EXPIRE $k $e GT
      EXPIRE $k $e LT
      EXPIRE $k 0
      PEXPIRE $k $E
      PEXPIRE $k -5
      EXPIREAT $k 4102444800
      PEXPIREAT $k 4102444800000
      EXPIREAT $k 1
      TTL $k
      PTTL $k
      EXPIRETIME $k
      PEXPIRETIME $k
      PERSIST $k
      RENAME $k $k
      RENAMENX $k $k
      COPY $k $k
      COPY $k $k REPLACE
      COPY $k $k DB $q
      MOVE $k $q
      KEYS $g
      RANDOMKEY
      OBJECT ENCODING $k
      OBJECT REFCOUNT $s
      SWAPDB 0 1
      FLUSHDB
      SCAN 0 COUNT 1000
      SCAN 0 COUNT 1000 MATCH $g
      SCAN 0 COUNT 1000 TYPE hash
      SCAN notacursor
      GET $s
      SET $s $v
      SET $s $v EX $e
      SET $s $v PX $E
      SET $s $v NX
      SET $s $v XX
      SET $s $v GET
      SET $s $v NX GET
      SET $s $v KEEPTTL
      SET $s $v EXAT 4102444800
      SET $s $v EX 0
      SET $s $v PX 1
      SETNX $s $v
      SETEX $s $e $v
      PSETEX $s $E $v
      GETSET $s $v
      GETDEL $s
      GETEX $s
      GETEX $s EX $e
      GETEX $s PERSIST
      MGET $s $s $k
      MSET $s $v $s $v
      MSET $s $n $k $v
      MSETNX $s $v $s $v
      APPEND $s $v
      STRLEN $s
      GETRANGE $s $i $i
      SUBSTR $s $i $i
      SETRANGE $s $c $v
      INCR $s
      DECR $s
      INCRBY $s $n
      DECRBY $s $n
      INCRBYFLOAT $s $d
      SET $s $n
      SET $s $d
      LCS $s $s
      LCS $s $s LEN
      LCS $s $s IDX WITHMATCHLEN
      SETBIT $s $c 1
      GETBIT $s $c
      BITCOUNT $s
      BITCOUNT $s $i $i
      BITPOS $s 1
      BITOP AND $s $s $s
      BITOP NOT $s $s
      HSET $h $f $v
      HSET $h $f $v $f $v
      HSETNX $h $f $v
      HMSET $h $f $v
      HGET $h $f
      HMGET $h $f $f
      HGETALL $h
      HKEYS $h
      HVALS $h
      HLEN $h
      HEXISTS $h $f
      HDEL $h $f
      HDEL $h $f $f
      HSTRLEN $h $f
      HINCRBY $h $f $n
      HINCRBYFLOAT $h $f $d
      HSET $h $f $n
      HRANDFIELD $h 100
      HRANDFIELD $h 100 WITHVALUES
      HSCAN $h 0 COUNT 1000
      HSCAN $h 0 MATCH $g COUNT 1000
      LPUSH $l $v
      RPUSH $l $v $v
      LPUSHX $l $v
      RPUSHX $l $v
      LPOP $l
      RPOP $l
      LPOP $l $c
      RPOP $l $c
      LLEN $l
      LRANGE $l $i $i
      LRANGE $l 0 -1
      LINDEX $l $i
      LSET $l $i $v
      LINSERT $l BEFORE $v $v
      LINSERT $l AFTER $v $v
      LREM $l $i $v
      LTRIM $l $i $i
      LPOS $l $v
      LPOS $l $v RANK $i
      LPOS $l $v COUNT 0
      RPOPLPUSH $l $l
      LMOVE $l $l LEFT RIGHT
      LMOVE $l $l RIGHT LEFT
      LMPOP 2 $l $l LEFT
      LMPOP 1 $l RIGHT COUNT $c
      SADD $t $m
      SADD $t $m $m $n
      SREM $t $m
      SISMEMBER $t $m
      SMISMEMBER $t $m $m
      SMEMBERS $t
      SCARD $t
      SMOVE $t $t $m
      SPOP $t 1000
      SRANDMEMBER $t 1000
      SUNION $t $t
      SINTER $t $t
      SDIFF $t $t
      SUNIONSTORE $t $t $t
      SINTERSTORE $t $t $t
      SDIFFSTORE $t $t $t
      SINTERCARD 2 $t $t
      SINTERCARD 2 $t $t LIMIT 1
      SSCAN $t 0 COUNT 1000
      ZADD $z $d $m
      ZADD $z $d $m $d $m
      ZADD $z NX $d $m
      ZADD $z XX CH $d $m
      ZADD $z GT $d $m
      ZADD $z LT CH $d $m
      ZADD $z INCR $d $m
      ZINCRBY $z $d $m
      ZREM $z $m
      ZSCORE $z $m
      ZMSCORE $z $m $m
      ZCARD $z
      ZRANK $z $m
      ZREVRANK $z $m
      ZCOUNT $z $r $r
      ZLEXCOUNT $z $b $b
      ZRANGE $z $i $i
      ZRANGE $z 0 -1 WITHSCORES
      ZRANGE $z $i $i REV
      ZRANGE $z $r $r BYSCORE
      ZRANGE $z $r $r BYSCORE LIMIT $c $c WITHSCORES
      ZRANGE $z $b $b BYLEX
      ZREVRANGE $z $i $i WITHSCORES
      ZRANGEBYSCORE $z $r $r
      ZREVRANGEBYSCORE $z $r $r WITHSCORES
      ZRANGEBYLEX $z $b $b
      ZREVRANGEBYLEX $z $b $b LIMIT 0 2
      ZRANGESTORE $z $z $i $i
      ZREMRANGEBYRANK $z $i $i
      ZREMRANGEBYSCORE $z $r $r
      ZREMRANGEBYLEX $z $b $b
      ZPOPMIN $z
      ZPOPMAX $z $c
      ZMPOP 2 $z $z MIN
      ZRANDMEMBER $z 1000
      ZSCAN $z 0 COUNT 1000
      ZUNION 2 $z $z
      ZUNION 2 $z $t WITHSCORES
      ZINTER 2 $z $z WITHSCORES
      ZDIFF 2 $z $z
      ZUNIONSTORE $z 2 $z $z WEIGHTS 2 $n
      ZINTERSTORE $z 2 $z $z AGGREGATE MAX
      ZDIFFSTORE $z 2 $z $z
      ZINTERCARD 2 $z $z
      XADD $x $w $f $v
      XADD $x $w $f $v $f $v
      XADD $x MAXLEN 3 $w $f $v
      XLEN $x
      XRANGE $x - +
      XRANGE $x - + COUNT $c
      XRANGE $x $w $w
      XREVRANGE $x + -
      XDEL $x $w
      XTRIM $x MAXLEN $c
      XREAD COUNT 2 STREAMS $x 0
      XREAD STREAMS $x $w
      MULTI
      EXEC
      DISCARD
      WATCH $k
      UNWATCH
      """;

  private static final List<String[]> ALL =
      TEXT.lines().map(String::strip).map(line -> line.split(" ")).toList();

  private Sketches() {}

  /** All forms, each split into words. */
  static List<String[]> all() {
    return ALL;
  }

  /** Name by which the form's command is counted: the first word. */
  static String name(String[] form) {
    return form[0].toLowerCase(Locale.ROOT);
  }
}
