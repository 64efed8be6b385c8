/** Listeners that report what a reconcile did: in the audit log, and to webhooks. */
@NullMarked
package io.drey.plugin.listeners;

import org.jspecify.annotations.NullMarked;
