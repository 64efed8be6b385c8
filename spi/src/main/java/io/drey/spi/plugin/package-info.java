/** How a plugin enters: its entry class, its list of contributions, its own configuration. */
@NullMarked
package io.drey.spi.plugin;

import org.jspecify.annotations.NullMarked;
