/**
 * The pass: observe facts, decide one plan, let gates hold it, then either record what will happen or act, reduce to a
 * new status, write it once if it changed. Everything but observe, act and write is a pure function of values.
 */
@NullMarked
package io.drey.core.engine;

import org.jspecify.annotations.NullMarked;
