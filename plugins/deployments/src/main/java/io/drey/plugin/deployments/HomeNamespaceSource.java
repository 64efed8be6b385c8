package io.drey.plugin.deployments;

import io.drey.spi.FactSource;
import io.drey.spi.Situation;
import io.drey.spi.fact.FactType;
import io.drey.spi.plan.ObjectKey;
import java.util.List;

/** Reads whether the namespace of a resource is being deleted: live, and only when a deletion would have to wait. */
final class HomeNamespaceSource implements FactSource<HomeNamespace> {
    @Override
    public FactType<HomeNamespace> factType() {
        return HomeNamespace.TYPE;
    }

    @Override
    public List<Watch> needs() {
        return List.of();
    }

    @Override
    public boolean when(Situation situation) {
        return false;
    }

    @Override
    public HomeNamespace read(ObserveContext context) {
        var name = context.resource().metadata().namespace();
        try {
            return new HomeNamespace(context.live(new ObjectKey("v1", "Namespace", "", name))
                    .filter(namespace -> namespace.path("metadata").has("deletionTimestamp"))
                    .isPresent());
        } catch (RuntimeException e) {
            // An operator of single namespaces may not read them. Then its deletions wait as anywhere else.
            return new HomeNamespace(false);
        }
    }
}
