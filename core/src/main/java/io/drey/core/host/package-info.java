/**
 * Plugins: found, checked, loaded each in a class loader and an injector of its own, and called through one gateway. All
 * of PF4J stays behind this package.
 */
@NullMarked
package io.drey.core.host;

import org.jspecify.annotations.NullMarked;
