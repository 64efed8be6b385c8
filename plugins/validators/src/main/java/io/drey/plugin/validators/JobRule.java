package io.drey.plugin.validators;

import io.drey.spi.resource.FlinkSessionJob;
import java.util.List;
import java.util.Optional;

/**
 * A rule for jobs, whether they have a cluster of their own or run on one that is there. A session job is looked at when
 * its cluster is known, since most of its configuration comes from there.
 */
abstract class JobRule extends ContractRule {
    private final DeploymentRule applications;

    JobRule(int order) {
        super(order);
        applications = new DeploymentRule(order) {
            @Override
            List<Violation> check(Candidate candidate) {
                return candidate
                        .job()
                        .map(job ->
                                JobRule.this.check(new JobCandidate(job, candidate.taskManagers(), candidate.config())))
                        .orElse(List.of());
            }
        };
    }

    abstract List<Violation> check(JobCandidate candidate);

    @Override
    final List<Violation> violations(AdmissionRequest request) {
        if (request.resource() instanceof FlinkSessionJob sessionJob) {
            return SessionCluster.of(sessionJob, request)
                    .flatMap(cluster -> sessionJob.spec().job())
                    .map(job -> check(new JobCandidate(job, Optional.empty(), request.config())))
                    .orElse(List.of());
        }
        return applications.violations(request);
    }
}
