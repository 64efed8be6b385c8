/** The contract that every plugin keeps, as a suite to run on its packed jar. */
@NullMarked
package io.drey.testkit.plugin;

import org.jspecify.annotations.NullMarked;
