package io.drey.core.engine;

import com.fasterxml.jackson.databind.JsonNode;
import io.drey.core.host.PluginFailure;
import io.drey.core.port.CoreTime;
import io.drey.core.port.FlinkViews;
import io.drey.core.port.KubernetesApi;
import io.drey.core.port.ResourceCache;
import io.drey.spi.FactSource;
import io.drey.spi.FactSource.Document;
import io.drey.spi.FactSource.DocumentQuery;
import io.drey.spi.FactSource.Namesake;
import io.drey.spi.FactSource.ObserveContext;
import io.drey.spi.FactSource.Polled;
import io.drey.spi.Situation;
import io.drey.spi.fact.FactType;
import io.drey.spi.fact.Facts;
import io.drey.spi.fact.JobCheckpoints;
import io.drey.spi.fact.MissingFact;
import io.drey.spi.fact.Reading;
import io.drey.spi.plan.FlinkRef;
import io.drey.spi.plan.ObjectKey;
import io.drey.spi.resource.CustomResource;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** Reads facts: those that a pass always looks at, and those that a decision asks for. */
final class FactReader {
    private final List<FactSource<?>> sources;
    private final ResourceCache cache;
    private final KubernetesApi kubernetes;
    private final FlinkViews flink;
    private final Clock clock;
    private final Namesakes namesakes;

    FactReader(
            List<FactSource<?>> sources,
            ResourceCache cache,
            KubernetesApi kubernetes,
            FlinkViews flink,
            Clock clock,
            Namesakes namesakes) {
        this.sources = sources;
        this.cache = cache;
        this.kubernetes = kubernetes;
        this.flink = flink;
        this.clock = clock;
        this.namesakes = namesakes;
    }

    /** What a pass over this resource always looks at. */
    Facts routine(PassSituation situation) {
        var known = situation;
        for (var source : sources) {
            var reading = routine(source, known);
            if (reading.isPresent()) {
                Map<FactType<?>, Reading<?>> readings =
                        new HashMap<>(known.facts().readings());
                readings.put(source.factType(), reading.get());
                known = known.with(new Facts(readings));
            }
        }
        return known.facts();
    }

    /** A source that cannot even say whether it is read fails those who need the fact, and nobody else. */
    private Optional<Reading<?>> routine(FactSource<?> source, PassSituation known) {
        try {
            return source.when(known) ? Optional.of(read(source, known)) : Optional.empty();
        } catch (MissingFact e) {
            return Optional.empty();
        } catch (PluginFailure e) {
            return Optional.of(new Reading.Failed<>(source.factType() + ": " + e.getMessage()));
        }
    }

    /** One fact more. */
    Facts demanded(FactType<?> type, Situation situation) {
        Map<FactType<?>, Reading<?>> readings = new HashMap<>(situation.facts().readings());
        readings.put(type, new Reading.Failed<>("no plugin reads " + type));
        for (var source : sources) {
            if (source.factType().equals(type)) {
                readings.put(type, read(source, situation));
            }
        }
        return new Facts(readings);
    }

    private <F> Reading<F> read(FactSource<F> source, Situation situation) {
        try {
            var context = new Context(situation, clock.instant());
            var value = source.read(context);
            return new Reading.Known<>(value, context.observed);
        } catch (MissingFact e) {
            return new Reading.NotRead<>();
        } catch (RuntimeException e) {
            return new Reading.Failed<>(source.factType() + ": " + e.getMessage());
        }
    }

    private final class Context implements ObserveContext {
        private final Situation situation;
        /** As old as the oldest thing that was looked at, for what is polled was seen before this pass. */
        private Instant observed;

        Context(Situation situation, Instant now) {
            this.situation = situation;
            this.observed = now;
        }

        @Override
        public CustomResource resource() {
            return situation.resource();
        }

        @Override
        public Situation situation() {
            return situation;
        }

        @Override
        public Optional<JsonNode> cached(ObjectKey key) {
            return cache.object(key);
        }

        @Override
        public List<JsonNode> cached(String apiVersion, String kind, String namespace, Map<String, String> labels) {
            return cache.objects(apiVersion, kind, namespace, labels);
        }

        @Override
        public Optional<JsonNode> live(ObjectKey key) {
            return CoreTime.spend(() -> kubernetes.get(key));
        }

        @Override
        public List<JsonNode> live(String apiVersion, String kind, String namespace, Map<String, String> labels) {
            return CoreTime.spend(() -> kubernetes.list(apiVersion, kind, namespace, labels));
        }

        @Override
        public List<JsonNode> warnings(ObjectKey about) {
            return CoreTime.spend(() -> kubernetes.warnings(about));
        }

        @Override
        public List<Namesake> namesakes() {
            return namesakes.of(situation.resource().ref());
        }

        @Override
        public Polled flink(FlinkRef ref, Duration every) {
            return flink(ref, Optional.empty(), every);
        }

        @Override
        public Polled flink(FlinkRef ref, String jobId, Duration every) {
            return flink(ref, Optional.of(jobId), every);
        }

        private Polled flink(FlinkRef ref, Optional<String> job, Duration every) {
            var polled = flink.view(situation.resource().ref(), ref, job, every);
            asOldAs(polled.at());
            return polled;
        }

        private void asOldAs(Instant answer) {
            if (answer.isBefore(observed)) {
                observed = answer;
            }
        }

        @Override
        public JobCheckpoints checkpoints(FlinkRef ref, String jobId) {
            var checkpoints = flink.checkpoints(situation.resource().ref(), ref, jobId);
            asOldAs(checkpoints.at());
            return checkpoints;
        }

        @Override
        public Document document(FlinkRef ref, DocumentQuery query) {
            var document = flink.document(situation.resource().ref(), ref, query);
            asOldAs(document.at());
            return document;
        }
    }
}
