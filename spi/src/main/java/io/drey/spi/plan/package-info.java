/** Plans and the steps that they are made of: everything that Drey does to a cluster is data first. */
@NullMarked
package io.drey.spi.plan;

import org.jspecify.annotations.NullMarked;
