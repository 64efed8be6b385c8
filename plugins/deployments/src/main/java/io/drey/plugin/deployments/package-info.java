/** Kind FlinkDeployment: application and session clusters, what is observed, its status. */
@NullMarked
package io.drey.plugin.deployments;

import org.jspecify.annotations.NullMarked;
