/** Topologies: where they stand, and the ends of their stops. */
@NullMarked
package io.millrace.http.topology;

import org.jspecify.annotations.NullMarked;
