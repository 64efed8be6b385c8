/** The validation rules of the four kinds, one class for each group of rules, in the order in which they are told. */
@NullMarked
package io.drey.plugin.validators;

import org.jspecify.annotations.NullMarked;
