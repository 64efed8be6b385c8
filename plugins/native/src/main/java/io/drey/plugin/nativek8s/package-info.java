/** Renders clusters the way Flink's native Kubernetes integration does, with Flink's own factories. */
@NullMarked
package io.drey.plugin.nativek8s;

import org.jspecify.annotations.NullMarked;
