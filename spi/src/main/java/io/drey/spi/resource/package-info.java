/** The four kinds of custom resources of group flink.apache.org, as immutable records. */
@NullMarked
package io.drey.spi.resource;

import org.jspecify.annotations.NullMarked;
