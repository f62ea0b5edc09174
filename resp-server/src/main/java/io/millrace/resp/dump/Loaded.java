package io.millrace.resp.dump;

import io.millrace.resp.keyspace.Key;
import io.millrace.resp.keyspace.Keyspace;
import io.millrace.resp.keyspace.Kinds;
import io.millrace.resp.type.HashType;
import io.millrace.resp.type.ListType;
import io.millrace.resp.type.SetValue;
import io.millrace.resp.type.StreamId;
import io.millrace.resp.type.StreamValue;
import io.millrace.resp.type.ZSetValue;
import java.util.List;

/** A value that was read completely and found to be sound: storing it cannot fail. */
public sealed interface Loaded {
  /** Makes it the value of a key that does not exist. */
  void store(Keyspace keyspace, Key key, long expireAtMs);

  /** A string. */
  record Text(byte[] value) implements Loaded {
    @Override
    public void store(Keyspace keyspace, Key key, long expireAtMs) {
      key.put(Kinds.STRING, expireAtMs, value, 0, value.length);
    }
  }

  /** A list. */
  record Elements(List<byte[]> elements) implements Loaded {
    @Override
    public void store(Keyspace keyspace, Key key, long expireAtMs) {
      var tree = ListType.view().openOrCreate(key);
      for (var element : elements) {
        tree.pushLast(element, 0, element.length);
      }
      expire(key, expireAtMs);
    }
  }

  /** A set. */
  record Members(List<byte[]> members) implements Loaded {
    @Override
    public void store(Keyspace keyspace, Key key, long expireAtMs) {
      var set = new SetValue().openOrCreate(key);
      for (var member : members) {
        set.add(member, 0, member.length);
      }
      expire(key, expireAtMs);
    }
  }

  /** A hash: fields and values in turn. */
  record Fields(List<byte[]> pairs) implements Loaded {
    @Override
    public void store(Keyspace keyspace, Key key, long expireAtMs) {
      var hash = (HashType) keyspace.type(Kinds.HASH);
      hash.openOrCreate(key);
      for (int i = 0; i < pairs.size(); i += 2) {
        var field = pairs.get(i);
        var value = pairs.get(i + 1);
        hash.put(key, field, 0, field.length, value, 0, value.length);
      }
      expire(key, expireAtMs);
    }
  }

  /** A sorted set. */
  record Scored(List<byte[]> members, double[] scores) implements Loaded {
    @Override
    public void store(Keyspace keyspace, Key key, long expireAtMs) {
      var set = new ZSetValue().openOrCreate(key);
      for (int i = 0; i < scores.length; i++) {
        var member = members.get(i);
        set.addNew(member, 0, member.length, scores[i]);
      }
      expire(key, expireAtMs);
    }
  }

  /**
   * A stream without consumer groups.
   *
   * @param ids ids in order
   * @param entries their fields and values, as they are stored
   * @param last the last id ever added
   * @param deleted the highest id that was deleted
   * @param added number of entries ever added
   */
  record Stream(
      List<StreamId> ids, List<byte[]> entries, StreamId last, StreamId deleted, long added)
      implements Loaded {
    @Override
    public void store(Keyspace keyspace, Key key, long expireAtMs) {
      var stream = new StreamValue().openOrCreate(key);
      for (int i = 0; i < ids.size(); i++) {
        var entry = entries.get(i);
        stream.append(ids.get(i), entry, entry.length);
      }
      stream.lastId(last);
      stream.deletedId(deleted);
      stream.added(added);
      expire(key, expireAtMs);
    }
  }

  private static void expire(Key key, long expireAtMs) {
    if (expireAtMs != 0) {
      key.expireAt(expireAtMs);
    }
    key.changed();
  }
}
