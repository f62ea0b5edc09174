'use strict';

// A program as applications write it for Redis. It prints one line per check; on Millrace and on
// redis-server the lines are the same.
//
//   npm install && node program.js redis://127.0.0.1:6379/3

const { Redis } = require('ioredis');

const url = process.argv[2] || 'redis://127.0.0.1:6379/3';
const connections = [];

function connect(options = {}) {
  const redis = new Redis(url, { maxRetriesPerRequest: 3, ...options });
  connections.push(redis);
  return redis;
}

function say(what, value) {
  console.log(`${what}: ${JSON.stringify(value)}`);
}

async function refusal(promise) {
  try {
    return { answered: await promise };
  } catch (error) {
    return { name: error.name, message: error.message };
  }
}

async function strings(redis) {
  say('set', await redis.set('greeting', 'hello', 'EX', 600));
  say('set nx', await redis.set('greeting', 'again', 'NX'));
  say('get', await redis.get('greeting'));
  say('ttl is near', (await redis.ttl('greeting')) > 590);
  say('mset', await redis.mset({ a: 1, b: 'two', c: 3.5 }));
  say('mget', await redis.mget('a', 'b', 'c', 'none'));
  say('incr', await redis.incr('a'));
  say('incrbyfloat', await redis.incrbyfloat('c', 0.1));
  say('append', await redis.append('b', ' more'));
  say('getrange', await redis.getrange('b', 0, 2));
  await redis.set('raw', Buffer.from([0, 255, 13, 10]));
  say('bytes', [...(await redis.getBuffer('raw'))]);
  say('wrong type', await refusal(redis.lpush('a', 'x')));
}

async function hashes(redis) {
  say('hset', await redis.hset('user:1', { name: 'Ada', lang: 'en', visits: 1 }));
  say('hgetall', Object.entries(await redis.hgetall('user:1')).sort());
  say('hincrby', await redis.hincrby('user:1', 'visits', 41));
  say('hmget', await redis.hmget('user:1', 'name', 'none'));
  say('hdel', await redis.hdel('user:1', 'lang', 'none'));
  const fields = {};
  for (let i = 0; i < 1000; i++) {
    fields[`f${i}`] = i;
  }
  say('hset many', await redis.hset('wide', fields));
  let seen = 0;
  for await (const part of redis.hscanStream('wide', { count: 100 })) {
    seen += part.length / 2;
  }
  say('hscanStream', seen);
}

async function listsAndSets(redis) {
  say('rpush', await redis.rpush('queue', 'a', 'b', 'c'));
  say('lrange', await redis.lrange('queue', 0, -1));
  say('lmove', await redis.lmove('queue', 'done', 'LEFT', 'RIGHT'));
  say('sadd', await redis.sadd('tags', 'x', 'y', 'x'));
  say('smembers', (await redis.smembers('tags')).sort());
  say('zadd', await redis.zadd('scores', 3, 'c', 1, 'a', 2, 'b'));
  say('zrange', await redis.zrange('scores', 0, -1, 'WITHSCORES'));
  say('zrangebyscore', await redis.zrangebyscore('scores', '(1', '+inf', 'LIMIT', 0, 1));
  say('xadd', await redis.xadd('log', '1-1', 'event', 'started'));
  say('xrange', await redis.xrange('log', '-', '+'));
}

async function blocking(redis) {
  const waiting = connect();
  const popped = waiting.blpop('jobs', 5);
  await redis.rpush('jobs', 'first', 'second');
  say('blpop', await popped);
  say('bzpopmin times out', await waiting.bzpopmin('no:scores', 0.05));
  say('left', await redis.lrange('jobs', 0, -1));
}

async function publishing(redis) {
  const listener = connect();
  const heard = [];
  const three = new Promise((resolve) => {
    const hear = (line) => {
      heard.push(line);
      if (heard.length === 3) {
        resolve();
      }
    };
    listener.on('message', (channel, message) => hear(`${channel}=${message}`));
    listener.on('pmessage', (pattern, channel, message) => hear(`${pattern}/${channel}=${message}`));
  });
  say('subscribe', await listener.subscribe('news', 'weather'));
  say('psubscribe', await listener.psubscribe('n*'));
  say('publish', [await redis.publish('news', 'one'), await redis.publish('weather', 'two')]);
  await three;
  say('heard', heard);
  say('unsubscribe', await listener.unsubscribe('news', 'weather'));
}

async function transactions(redis) {
  say('multi', await redis.multi().set('m', 1).incr('m').get('m').exec());
  say('error inside', (await redis.multi().lpush('m', 'x').incr('m').exec())
    .map(([error, value]) => (error ? error.message : value)));
  const other = connect();
  await redis.watch('m');
  await other.incr('m');
  say('watch broken', await redis.multi().set('m', 0).exec());
  say('kept', await redis.get('m'));
  say('discard', [await redis.multi({ pipeline: false }), await redis.set('m', 9), await redis.discard()]);
}

async function pipelines(redis) {
  const pipeline = redis.pipeline();
  for (let i = 0; i < 1000; i++) {
    pipeline.incr('n');
  }
  const replies = await pipeline.exec();
  say('pipeline', [replies.length, replies.at(-1)[1], replies.every(([error]) => error === null)]);
  const auto = connect({ enableAutoPipelining: true });
  const values = await Promise.all(
    Array.from({ length: 200 }, (unused, i) => auto.set(`auto:${i}`, i).then(() => auto.get(`auto:${i}`))));
  say('autopipelining', [values.length, values[199]]);
}

async function scanning(redis) {
  const keys = new Set();
  for await (const part of redis.scanStream({ match: 'auto:*', count: 50 })) {
    part.forEach((key) => keys.add(key));
  }
  say('scanStream', keys.size);
  const prefixed = connect({ keyPrefix: 'app:' });
  await prefixed.set('k', 'v');
  say('keyPrefix', await redis.get('app:k'));
  const fifth = connect();
  say('database', [await redis.dbsize() > 200, await fifth.select(5), await fifth.get('greeting')]);
}

async function errors(redis) {
  say('unknown', (await refusal(redis.call('NOSUCHCOMMAND', 'a'))).message);
  say('bad arity', (await refusal(redis.call('GET'))).message);
  say('not a number', (await refusal(redis.incr('greeting'))).message);
}

/** What only one of the servers has: the program shows how it finds out. */
async function scripts(redis) {
  const outcome = await refusal(redis.eval('return 1', 0));
  const clear = outcome.answered === 1 || /^ERR unknown command 'eval'/.test(outcome.message);
  say('scripts answered or clearly refused', clear);
}

async function main() {
  const redis = connect();
  say('flushdb', await redis.flushdb());
  for (const part of [strings, hashes, listsAndSets, blocking, publishing, transactions, pipelines,
    scanning, errors, scripts]) {
    await part(redis);
  }
  say('quit', await redis.quit());
}

main()
  .catch((error) => {
    console.error(error);
    process.exitCode = 1;
  })
  .finally(() => connections.forEach((redis) => redis.disconnect()));
