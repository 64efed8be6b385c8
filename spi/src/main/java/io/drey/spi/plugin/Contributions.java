package io.drey.spi.plugin;

import com.google.inject.Binder;
import com.google.inject.Scopes;
import com.google.inject.multibindings.Multibinder;
import io.drey.spi.AdmissionRule;
import io.drey.spi.Decorator;
import io.drey.spi.Deployer;
import io.drey.spi.FactSource;
import io.drey.spi.FeaturePolicy;
import io.drey.spi.Gate;
import io.drey.spi.Listener;
import io.drey.spi.Proposer;
import io.drey.spi.ResourceKind;
import io.drey.spi.StatusPart;
import io.drey.spi.StepHandler;
import io.drey.spi.UpgradeStrategy;
import java.util.Optional;

/**
 * Lists what a plugin contributes; reads like a table of contents:
 *
 * <pre>{@code
 * Contributions.of(binder)
 *         .feature("ingress", Stability.STABLE)
 *         .decorator(IngressDecorator.class);
 * }</pre>
 *
 * Each class is bound as a singleton of the plugin's own injector, and its constructor gets what the plugin binds.
 */
public final class Contributions {
    private final Binder binder;
    private Optional<String> feature = Optional.empty();

    private Contributions(Binder binder) {
        this.binder = binder;
    }

    /** Contributions by way of this binder. */
    public static Contributions of(Binder binder) {
        return new Contributions(binder);
    }

    /** Names the feature that the contributions from here on belong to: they are switched on and off together. */
    public Contributions feature(String name, Stability stability) {
        feature = Optional.of(name);
        Multibinder.newSetBinder(binder, Feature.class).addBinding().toInstance(new Feature(name, stability));
        return this;
    }

    /** A kind of custom resource. */
    public Contributions kind(Class<? extends ResourceKind<?>> type) {
        return add(ResourceKind.class, type);
    }

    /** Who decides what is in force for a resource. */
    public Contributions featurePolicy(Class<? extends FeaturePolicy> type) {
        return add(FeaturePolicy.class, type);
    }

    /** Something to know. */
    public Contributions factSource(Class<? extends FactSource<?>> type) {
        return add(FactSource.class, type);
    }

    /** A rule for specs. */
    public Contributions admissionRule(Class<? extends AdmissionRule> type) {
        return add(AdmissionRule.class, type);
    }

    /** A proposer of work. */
    public Contributions proposer(Class<? extends Proposer> type) {
        return add(Proposer.class, type);
    }

    /** A way to upgrade. */
    public Contributions strategy(Class<? extends UpgradeStrategy> type) {
        return add(UpgradeStrategy.class, type);
    }

    /** A way to make a cluster out of manifests. */
    public Contributions deployer(Class<? extends Deployer> type) {
        return add(Deployer.class, type);
    }

    /** A change to what is launched. */
    public Contributions decorator(Class<? extends Decorator<?>> type) {
        return add(Decorator.class, type);
    }

    /** Something that may hold an operation before it starts. */
    public Contributions gate(Class<? extends Gate> type) {
        return add(Gate.class, type);
    }

    /** A slice of status. */
    public Contributions statusPart(Class<? extends StatusPart<?>> type) {
        return add(StatusPart.class, type);
    }

    /** A kind of effect. */
    public Contributions stepHandler(Class<? extends StepHandler> type) {
        return add(StepHandler.class, type);
    }

    /** Somebody who is told. */
    public Contributions listener(Class<? extends Listener> type) {
        return add(Listener.class, type);
    }

    private <T> Contributions add(Class<T> point, Class<? extends T> type) {
        binder.bind(type).in(Scopes.SINGLETON);
        Multibinder.newSetBinder(binder, point).addBinding().to(type);
        feature.ifPresent(name -> Multibinder.newSetBinder(binder, FeatureMember.class)
                .addBinding()
                .toInstance(new FeatureMember(name, type)));
        return this;
    }
}
