/** One user's session: settings, transaction state, statements. */
@NullMarked
package io.millrace.sql.session;

import org.jspecify.annotations.NullMarked;
