/** Tenants: what is in force for whom. */
@NullMarked
package io.drey.plugin.tenants;

import org.jspecify.annotations.NullMarked;
