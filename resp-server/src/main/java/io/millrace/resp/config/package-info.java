/** Settings of the door and their CONFIG names. */
@NullMarked
package io.millrace.resp.config;

import org.jspecify.annotations.NullMarked;
