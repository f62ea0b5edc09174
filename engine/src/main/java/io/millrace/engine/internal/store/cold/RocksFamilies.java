package io.millrace.engine.internal.store.cold;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.rocksdb.ColumnFamilyDescriptor;
import org.rocksdb.ColumnFamilyHandle;
import org.rocksdb.ColumnFamilyOptions;
import org.rocksdb.MutableColumnFamilyOptions;
import org.rocksdb.Options;
import org.rocksdb.RocksDB;
import org.rocksdb.RocksDBException;

/**
 * A RocksDB that is open, and its column families by family id. Family 0 is RocksDB's default
 * column family; every other family has a column family named {@code f<id>}.
 */
final class RocksFamilies implements AutoCloseable {
  final RocksDB db;
  private final ColumnFamilyOptions options;

  private volatile boolean merging;

  /** By family id; replaced, never changed. */
  private volatile @Nullable ColumnFamilyHandle[] handles;

  private RocksFamilies(RocksDB db, ColumnFamilyOptions options, List<ColumnFamilyHandle> opened)
      throws RocksDBException {
    this.db = db;
    this.options = options;
    this.handles = byFamily(opened);
  }

  /** Opens or creates the RocksDB of a directory with all the column families it has. */
  static RocksFamilies open(Path directory, RocksSettings settings) throws RocksDBException {
    List<ColumnFamilyHandle> opened = new ArrayList<>();
    List<ColumnFamilyDescriptor> all = descriptors(directory, settings);
    RocksDB db = RocksDB.open(settings.database, directory.toString(), all, opened);
    return new RocksFamilies(db, settings.family, opened);
  }

  /** The same for reading only, which takes no room on the disk. */
  static RocksFamilies openToRead(Path directory, RocksSettings settings) throws RocksDBException {
    List<ColumnFamilyHandle> opened = new ArrayList<>();
    List<ColumnFamilyDescriptor> all = descriptors(directory, settings);
    RocksDB db = RocksDB.openReadOnly(settings.database, directory.toString(), all, opened);
    return new RocksFamilies(db, settings.family, opened);
  }

  private static List<ColumnFamilyDescriptor> descriptors(Path directory, RocksSettings settings)
      throws RocksDBException {
    List<ColumnFamilyDescriptor> descriptors = new ArrayList<>();
    for (byte[] name : names(directory)) {
      descriptors.add(new ColumnFamilyDescriptor(name, settings.family));
    }
    return descriptors;
  }

  private static List<byte[]> names(Path directory) throws RocksDBException {
    List<byte[]> names = new ArrayList<>();
    if (Files.exists(directory.resolve("CURRENT"))) {
      try (Options options = new Options()) {
        names.addAll(RocksDB.listColumnFamilies(options, directory.toString()));
      }
    } else {
      refuseOrphans(directory);
    }
    if (names.isEmpty()) {
      names.add(RocksDB.DEFAULT_COLUMN_FAMILY);
    }
    return names;
  }

  /** RocksDB would make an empty database beside tables whose CURRENT is gone. */
  private static void refuseOrphans(Path directory) {
    try (Stream<Path> files = Files.list(directory)) {
      if (files.anyMatch(file -> file.toString().endsWith(".sst"))) {
        throw new StoreDamagedException(
            "a file of the cold tier is missing: file="
                + directory.resolve("CURRENT")
                + RocksTier.ADVICE);
      }
    } catch (IOException e) {
      throw new StoreException("cannot list the directory: path=" + directory, e);
    }
  }

  private static @Nullable ColumnFamilyHandle[] byFamily(List<ColumnFamilyHandle> opened)
      throws RocksDBException {
    @Nullable ColumnFamilyHandle[] handles = new @Nullable ColumnFamilyHandle[16];
    for (ColumnFamilyHandle handle : opened) {
      int family = familyOf(handle.getName());
      if (family >= handles.length) {
        handles = Arrays.copyOf(handles, family * 2);
      }
      handles[family] = handle;
    }
    return handles;
  }

  private static int familyOf(byte[] name) {
    return Arrays.equals(name, RocksDB.DEFAULT_COLUMN_FAMILY)
        ? 0
        : Integer.parseInt(new String(name, 1, name.length - 1, StandardCharsets.US_ASCII));
  }

  /** The column family of a family, or null when there is none yet. */
  @Nullable ColumnFamilyHandle get(int family) {
    @Nullable ColumnFamilyHandle[] now = handles;
    return family < now.length ? now[family] : null;
  }

  /** Makes the column family of a family that has none. */
  ColumnFamilyHandle add(int family) throws RocksDBException {
    byte[] name = ("f" + family).getBytes(StandardCharsets.US_ASCII);
    ColumnFamilyHandle handle = db.createColumnFamily(new ColumnFamilyDescriptor(name, options));
    @Nullable ColumnFamilyHandle[] wider =
        Arrays.copyOf(handles, Math.max(handles.length, family + 1));
    wider[family] = handle;
    handles = wider;
    if (merging) {
      mayMerge(handle, true);
    }
    return handle;
  }

  boolean merging() {
    return merging;
  }

  /**
   * Lets RocksDB merge tables by itself, or not, in every column family; at first it does not.
   *
   * @throws RocksDBException when it could not be stored somewhere; it is in force all the same
   */
  void mayMerge(boolean allowed) throws RocksDBException {
    merging = allowed;
    RocksDBException first = null;
    for (ColumnFamilyHandle handle : all()) {
      try {
        mayMerge(handle, allowed);
      } catch (RocksDBException e) {
        // A full disk takes no file of options, and there the others must not merge either.
        first = first == null ? e : first;
      }
    }
    if (first != null) {
      throw first;
    }
  }

  private void mayMerge(ColumnFamilyHandle handle, boolean allowed) throws RocksDBException {
    db.setOptions(
        handle, MutableColumnFamilyOptions.builder().setDisableAutoCompactions(!allowed).build());
  }

  /** All column families there are. */
  List<ColumnFamilyHandle> all() {
    List<ColumnFamilyHandle> all = new ArrayList<>();
    for (ColumnFamilyHandle handle : handles) {
      if (handle != null) {
        all.add(handle);
      }
    }
    return all;
  }

  @Override
  public void close() {
    all().forEach(ColumnFamilyHandle::close);
    db.close();
  }
}
