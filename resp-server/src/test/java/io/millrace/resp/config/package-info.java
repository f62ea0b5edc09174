/** Tests of the settings. */
@NullMarked
package io.millrace.resp.config;

import org.jspecify.annotations.NullMarked;
