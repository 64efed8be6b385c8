/** Listeners that report what a reconcile did: Kubernetes events and the audit log. */
@NullMarked
package io.drey.plugin.listeners;

import org.jspecify.annotations.NullMarked;
