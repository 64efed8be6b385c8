/** Flink's REST API: one client for all clusters, a poller with a cache of views, and effects. */
@NullMarked
package io.drey.core.flink;

import org.jspecify.annotations.NullMarked;
