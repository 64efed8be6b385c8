/** The validation rules of FlinkDeployment, FlinkSessionJob, FlinkStateSnapshot and FlinkBlueGreenDeployment. */
@NullMarked
package io.drey.plugin.validators;

import org.jspecify.annotations.NullMarked;
