package io.millrace.resp.differential;

/** Forms of the commands that work on keys, and of transactions. */
final class DataSketches {
  static final String TEXT =
      """
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
      DUMP $k
      DUMP $k $k
      RESTORE $k 0 $D
      RESTORE $k 0 $D REPLACE
      RESTORE $k $E $D REPLACE
      RESTORE $k 4102444800000 $D ABSTTL REPLACE
      RESTORE $k 1 $D ABSTTL REPLACE
      RESTORE $k 0 $D IDLETIME 5 REPLACE
      RESTORE $k 0 $D FREQ 5 REPLACE
      RESTORE $k 0 $D FREQ 256
      RESTORE $k 0 $D IDLETIME -1
      RESTORE $k 0 $D IDLETIME 1 FREQ 1
      RESTORE $k 0 $D NOSUCH
      RESTORE $k -1 $D REPLACE
      RESTORE $k 0 $v REPLACE
      OBJECT REFCOUNT $s
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
      SETBIT $s $c 0
      SETBIT $s $e 1
      SETBIT $s $c 2
      GETBIT $s $c
      GETBIT $s $e
      BITCOUNT $s
      BITCOUNT $s $i $i
      BITCOUNT $s $i $i BIT
      BITCOUNT $s $i $i BYTE
      BITCOUNT $s $i
      BITPOS $s 1
      BITPOS $s 0
      BITPOS $s 0 $i
      BITPOS $s 1 $i
      BITPOS $s 0 $i $i
      BITPOS $s 1 $i $i
      BITPOS $s 0 $i $i BIT
      BITPOS $s 1 $n $n BIT
      BITPOS $s 1 $i $i BYTE
      BITPOS $s 2
      BITOP AND $s $s $s
      BITOP OR $s $s $s
      BITOP XOR $s $s $s $s
      BITOP NOT $s $s
      BITOP NOT $s $s $s
      BITFIELD $s
      BITFIELD $s GET u8 $c
      BITFIELD $s SET i5 $c $n
      BITFIELD $s SET u63 $c 9223372036854775807
      BITFIELD $s SET i64 $c $n GET i64 0
      BITFIELD $s INCRBY u4 $c $n
      BITFIELD $s OVERFLOW SAT INCRBY i6 #3 $n
      BITFIELD $s OVERFLOW FAIL INCRBY u3 $c $n INCRBY i8 $c $n
      BITFIELD $s OVERFLOW WRAP INCRBY i64 $c 9223372036854775807
      BITFIELD $s OVERFLOW SAT SET u5 $c $n OVERFLOW WRAP SET i9 $c $n
      BITFIELD $s GET u64 0
      BITFIELD $s OVERFLOW NOSUCH
      BITFIELD_RO $s GET u8 $c
      BITFIELD_RO $s GET i64 #1 GET u1 $c
      BITFIELD_RO $s SET u8 0 1
      RPUSH $l $n $n $n
      SORT $l
      SORT $l DESC
      SORT $l ALPHA
      SORT $t ALPHA DESC
      SORT $t LIMIT $i $i
      SORT $z ALPHA
      SORT $l BY nosort DESC
      SORT $l BY nosort DESC LIMIT $i $i
      SORT $z BY nosort
      SORT $z BY nosort DESC
      SORT $l BY nosort GET #
      SORT $l BY $K
      SORT $t BY $K DESC LIMIT 0 $c
      SORT $t BY $K->f1 GET # GET $K GET $K->f1
      SORT $l BY $K->f1 ALPHA
      SORT $t GET $K GET nostar
      SORT $l STORE $l
      SORT $t ALPHA STORE $k
      SORT $z ALPHA LIMIT 1 $c STORE $l
      SORT $t BY nosort STORE $l
      SORT $l BY $K GET $K STORE $l
      SORT $l LIMIT 0
      SORT $l NOSUCH
      SORT_RO $l
      SORT_RO $t ALPHA
      SORT_RO $z ALPHA DESC LIMIT 0 $c
      SORT_RO $t BY $K GET # GET $K
      SORT_RO $l STORE $l
      WAIT 0 0
      WAIT 1 1
      WAIT x 0
      WAIT 0 -1
      WAIT 0 x
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
      EXISTS $k
      TYPE
      DEL
      COPY $k $k DB 99
      COPY $k $k DB $q REPLACE
      MOVE $k 99
      MOVE $k $q
      OBJECT REFCOUNT $k
      OBJECT FREQ $k
      OBJECT IDLETIME $k
      OBJECT HELP
      OBJECT ENCODING
      OBJECT NOSUCH $k
      PEXPIRE $k 1
      PEXPIREAT $k 4102444800000 NX
      PEXPIREAT $k 1
      EXPIRE $k $e NX XX
      EXPIRE $k 9223372036854775807
      PERSIST
      SCAN 0 COUNT 1000 TYPE nosuch
      SCAN 0 COUNT 0
      RANDOMKEY x
      PSETEX $s 1 $v
      SETEX $s 0 $v
      SET $s $v XX GET
      SET $s $v PXAT 4102444800000
      SET $s $v NX XX
      SET $s $v KEEPTTL EX 5
      GETEX $s PX 1
      GETEX $s EXAT 1
      GETEX $s PXAT 4102444800000
      GETEX $s EX $e PERSIST
      MSET $s $v $s
      MSETNX $s $v $s
      LCS $s $s LEN IDX
      LCS $s $s IDX MINMATCHLEN 2
      SET $s $B
      APPEND $s $B
      HSET $h $f $B
      HSET $h $f $v $f
      HSET $h $F $v $F $v $F $v
      HMSET $h $f $v $f
      HMGET $h $f
      HRANDFIELD $h
      HRANDFIELD $h 0
      HRANDFIELD $h 100 WITHSCORES
      HRANDFIELD
      HSCAN $h 0 COUNT 0
      HSCAN $h
      HINCRBYFLOAT $h $f 1e400
      LPUSH $l $B
      RPUSH $l $v $v $v $v $v
      LPOP $l -1
      LMPOP 0 $l LEFT
      LMPOP 1 $l LEFT COUNT 0
      LMOVE $l $l UP LEFT
      LPOS $l $v RANK 0
      LPOS $l $v MAXLEN $c
      LREM $l 0 $v
      BLPOP $l 0.001
      BLPOP $l $l 0.001
      BLPOP $l -1
      BRPOP $l 0.001
      BRPOP $l $l 0.001
      BRPOP $l x
      BLMOVE $l $l LEFT RIGHT 0.001
      BLMOVE $l $l RIGHT LEFT 0.001
      BRPOPLPUSH $l $l 0.001
      BLMPOP 0.001 2 $l $l LEFT
      BLMPOP 0.001 1 $l RIGHT COUNT $c
      BLMPOP 0.001 0 $l RIGHT
      BZPOPMIN $z 0.001
      BZPOPMIN $z $z 0.001
      BZPOPMAX $z 0.001
      BZPOPMAX $z $z 0.001
      BZMPOP 0.001 2 $z $z MIN
      BZMPOP 0.001 1 $z MAX COUNT $c
      XREAD COUNT 2 BLOCK 1 STREAMS $x $
      XREAD BLOCK 1 STREAMS $x $x 0 $w
      SADD $t $n $n $n
      SADD $t $F $F $F $F
      SADD $t $B
      SPOP $t 1000
      SPOP $t 1000
      SPOP $t 0
      SPOP $t -1
      SPOP
      SRANDMEMBER $t
      SRANDMEMBER $t 0
      SRANDMEMBER $t 1 2
      SINTERCARD 0 $t
      SINTERCARD 2 $t $t LIMIT -1
      SMISMEMBER $t
      ZADD $z NX XX $d $m
      ZADD $z GT NX $d $m
      ZADD $z $d $F $d $F $d $F
      ZADD $z XX INCR $d $m
      ZADD $z INCR $d $m $d $m
      ZRANGE $z $b $b BYLEX REV
      ZRANGE $z $r $r BYSCORE REV
      ZRANGE $z $i $i LIMIT 0 1
      ZRANGE $z $b $b BYLEX WITHSCORES
      ZRANDMEMBER $z
      ZRANDMEMBER $z 0
      ZRANDMEMBER
      ZPOPMIN $z $c
      ZPOPMAX $z
      ZMPOP 1 $z MAX COUNT $c
      ZMPOP 0 $z MAX
      ZUNION 2 $z $z AGGREGATE MIN WITHSCORES
      ZUNION 0 $z
      ZINTERCARD 2 $z $z LIMIT $c
      ZINTERCARD 0 $z
      XADD $x NOMKSTREAM $w $f $v
      XADD $x MINID $w $w $f $v
      XADD $x MAXLEN = 2 $w $f $v
      XADD $x 0-0 $f $v
      XADD $x 5-* $f $v
      XSETID $x 40-1
      XSETID $x 2-1
      XSETID $x $w ENTRIESADDED $c MAXDELETEDID 0-1
      XTRIM $x MINID $w
      XTRIM $x MAXLEN = $c
      XTRIM $x MAXLEN ~ $c LIMIT 10
      XREVRANGE $x $w -
      XREVRANGE $x + - COUNT $c
      XRANGE $x ($w +
      XRANGE $x - + COUNT 0
      XREAD COUNT $c STREAMS $x $x 0 $w
      XREAD STREAMS $x
      WATCH $k $k
      WATCH
      UNWATCH x
      MULTI x
      EXEC x
      DISCARD x
      """;

  private DataSketches() {}
}
