/** The operator's own configuration, and the layers under every resource's. */
@NullMarked
package io.drey.core.config;

import org.jspecify.annotations.NullMarked;
