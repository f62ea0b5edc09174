package io.millrace.resp.table;

/**
 * A database as a cut shows it: nothing but where its entries are. What changes or counts a
 * database needs the live one.
 *
 * @param index its number
 * @param entries space of the keys
 * @param pages space of the pages of large values
 */
record CutDatabase(int index, int entries, int pages) {}
