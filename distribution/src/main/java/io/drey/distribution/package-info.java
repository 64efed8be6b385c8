/** Makes the archive and the image. Runs during the build, and is not shipped. */
@NullMarked
package io.drey.distribution;

import org.jspecify.annotations.NullMarked;
