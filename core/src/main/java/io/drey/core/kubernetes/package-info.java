/** The engine's ports to Kubernetes, on fabric8's client. */
@NullMarked
package io.drey.core.kubernetes;

import org.jspecify.annotations.NullMarked;
