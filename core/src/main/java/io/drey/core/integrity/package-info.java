/** Which plugin jars may be loaded: hashes, and detached signatures. */
@NullMarked
package io.drey.core.integrity;

import org.jspecify.annotations.NullMarked;
