package io.millrace.resp.differential;

/** Forms of the commands about connections, channels and the server. */
final class SessionSketches {
  static final String TEXT =
      """
      PING
      PING $v
      PING a b
      ECHO $v
      ECHO
      SELECT $q
      SELECT $q
      SELECT 99
      SELECT x
      DBSIZE
      DBSIZE x
      SWAPDB 0 1
      SWAPDB $q $q
      SWAPDB 0 99
      SWAPDB x 1
      FLUSHDB
      FLUSHDB ASYNC
      FLUSHDB x
      FLUSHALL SYNC
      FLUSHALL
      FLUSHALL x y
      AUTH x
      AUTH default x
      AUTH nobody x
      AUTH
      AUTH a b c
      TIME
      TIME x
      LASTSAVE
      LASTSAVE x
      ROLE
      ROLE x
      INFO
      INFO server clients
      INFO nosuch
      SAVE
      SAVE x
      BGSAVE
      BGSAVE SCHEDULE
      BGSAVE x
      BGREWRITEAOF
      BGREWRITEAOF x
      SHUTDOWN x
      SHUTDOWN ABORT
      SHUTDOWN SAVE NOSAVE
      DEBUG SET-ACTIVE-EXPIRE 1
      DEBUG SLEEP 0
      DEBUG NOSUCH
      DEBUG
      CLIENT CACHING YES
      CLIENT CACHING x
      CLIENT CACHING
      CLIENT GETNAME
      CLIENT GETNAME x
      CLIENT GETREDIR
      CLIENT GETREDIR x
      CLIENT HELP
      CLIENT HELP x
      CLIENT ID
      CLIENT ID x
      CLIENT INFO
      CLIENT INFO x
      CLIENT KILL ID 999999999
      CLIENT KILL ID x
      CLIENT KILL 1.2.3.4:5
      CLIENT KILL TYPE nosuch
      CLIENT KILL ADDR 1.2.3.4:5 SKIPME x
      CLIENT KILL
      CLIENT LIST
      CLIENT LIST ID 999999999
      CLIENT LIST TYPE nosuch
      CLIENT LIST x
      CLIENT NO-EVICT ON
      CLIENT NO-EVICT OFF
      CLIENT NO-EVICT x
      CLIENT NO-EVICT
      !MIGRATE 127.0.0.1 1 $k 0 100
      !MIGRATE 127.0.0.1 1 $k 0 100 COPY REPLACE
      !MIGRATE 127.0.0.1 1 $k 0 100 AUTH secret
      !MIGRATE 127.0.0.1 1 $k 0 x
      !MIGRATE 127.0.0.1 1 $k x 100
      !MIGRATE 127.0.0.1 1 $k 0 100 NOSUCH
      !MIGRATE 127.0.0.1 1 $k 0 100 KEYS $k
      !MIGRATE 127.0.0.1 1 $k 0
      !WAITAOF 0 0 0
      !WAITAOF 1 0 1000
      !WAITAOF 2 0 0
      !WAITAOF 0 -1 0
      !WAITAOF 0 0 -1
      !CLIENT NO-TOUCH ON
      !CLIENT NO-TOUCH OFF
      CLIENT UNBLOCK 999999999
      CLIENT UNBLOCK 999999999 ERROR
      CLIENT UNBLOCK x
      CLIENT UNBLOCK
      !CLIENT SETINFO LIB-NAME x
      CLIENT SETNAME $f
      CLIENT SETNAME $v
      CLIENT SETNAME
      CLIENT TRACKINGINFO
      CLIENT TRACKINGINFO x
      CLIENT NOSUCH
      CLIENT
      !CLIENT REPLY ON
      !CLIENT REPLY OFF ; SET $s $v ; CLIENT REPLY ON
      !CLIENT REPLY SKIP ; INCR $s
      !CLIENT REPLY SKIP ; CLIENT REPLY SKIP ; PING ; PING
      !CLIENT REPLY x
      !CLIENT REPLY
      !HELLO
      !HELLO 2
      !HELLO 3
      !HELLO 3
      !HELLO 4
      !HELLO x
      !HELLO 3 SETNAME $f
      !HELLO 2 AUTH default x
      !HELLO 3 AUTH nobody x
      !HELLO 3 NOSUCH
      !QUIT
      !RESET
      !RESET x
      COMMAND
      COMMAND COUNT
      COMMAND COUNT x
      COMMAND DOCS $C
      COMMAND DOCS nosuch
      COMMAND GETKEYS $C a b c
      COMMAND GETKEYS MSET a 1 b 2
      COMMAND GETKEYS ZUNION 2 a b
      COMMAND GETKEYS XREAD STREAMS a b 1 2
      COMMAND GETKEYS SET a
      COMMAND GETKEYS PING a
      COMMAND GETKEYS NOSUCH a
      COMMAND GETKEYS
      COMMAND GETKEYSANDFLAGS $C a b c
      COMMAND GETKEYSANDFLAGS ZUNIONSTORE a 2 b c
      COMMAND GETKEYSANDFLAGS
      COMMAND HELP
      COMMAND HELP x
      COMMAND INFO $C
      COMMAND INFO $C nosuch
      COMMAND LIST FILTERBY PATTERN xr*
      COMMAND LIST FILTERBY MODULE nosuch
      COMMAND LIST FILTERBY NOSUCH x
      COMMAND LIST x
      COMMAND NOSUCH
      CONFIG GET maxmemory
      CONFIG GET hash-max-listpack-*
      CONFIG GET appendfsync nosuch maxmemory-policy
      CONFIG GET
      CONFIG SET hash-max-listpack-entries 512
      CONFIG SET maxmemory 0 zset-max-listpack-value 64
      CONFIG SET nosuch 1
      CONFIG SET maxmemory x
      CONFIG SET maxmemory -1
      CONFIG SET maxmemory 1.5
      CONFIG SET maxmemory 0 hash-max-listpack-entries
      CONFIG SET maxmemory
      CONFIG HELP
      CONFIG HELP x
      CONFIG RESETSTAT
      CONFIG RESETSTAT x
      CONFIG REWRITE
      CONFIG REWRITE x
      CONFIG NOSUCH
      LATENCY DOCTOR
      LATENCY DOCTOR x
      LATENCY GRAPH nosuch
      LATENCY GRAPH
      LATENCY HELP
      LATENCY HISTORY nosuch
      LATENCY HISTORY
      LATENCY HISTOGRAM get
      LATENCY HISTOGRAM nosuch
      LATENCY LATEST
      LATENCY LATEST x
      LATENCY RESET
      LATENCY RESET nosuch
      LATENCY HELP x
      MEMORY DOCTOR
      MEMORY DOCTOR x
      MEMORY HELP
      MEMORY HELP x
      MEMORY MALLOC-STATS
      MEMORY MALLOC-STATS x
      MEMORY PURGE
      MEMORY PURGE x
      MEMORY STATS
      MEMORY STATS x
      MEMORY USAGE $k
      MEMORY USAGE $k SAMPLES 5
      MEMORY USAGE $k SAMPLES x
      MEMORY USAGE
      MODULE LIST
      MODULE LIST x
      SLOWLOG GET
      SLOWLOG GET 3
      SLOWLOG GET -2
      SLOWLOG GET x
      SLOWLOG HELP
      SLOWLOG HELP x
      SLOWLOG LEN
      SLOWLOG LEN x
      SLOWLOG RESET
      SLOWLOG RESET x
      PUBLISH $u $v
      PUBLISH $u
      SPUBLISH $u $v
      SPUBLISH $u
      PUBSUB CHANNELS
      PUBSUB CHANNELS $U
      PUBSUB CHANNELS a b
      PUBSUB HELP
      PUBSUB HELP x
      PUBSUB NUMPAT
      PUBSUB NUMPAT x
      PUBSUB NUMSUB
      PUBSUB NUMSUB $u $u
      PUBSUB SHARDCHANNELS
      PUBSUB SHARDCHANNELS $U
      PUBSUB SHARDCHANNELS a b
      PUBSUB SHARDNUMSUB
      PUBSUB SHARDNUMSUB $u $u
      PUBSUB NOSUCH
      !SUBSCRIBE $u
      !SUBSCRIBE $u $u
      !SUBSCRIBE
      !PSUBSCRIBE $U
      !PSUBSCRIBE $U $U
      !PSUBSCRIBE
      !SSUBSCRIBE $u
      !SSUBSCRIBE $u $u
      !SSUBSCRIBE
      !UNSUBSCRIBE
      !UNSUBSCRIBE $u
      !UNSUBSCRIBE $u $u
      !PUNSUBSCRIBE
      !PUNSUBSCRIBE $U
      !SUNSUBSCRIBE
      !SUNSUBSCRIBE $u
      NOSUCHCOMMAND
      NOSUCHCOMMAND $v $v
      """;

  private SessionSketches() {}
}
