package io.drey.core.host;

import com.google.inject.Binder;
import com.google.inject.Injector;
import com.google.inject.Key;
import com.google.inject.Module;
import java.util.List;

/** Binds, for a plugin, the services of the packages that its dependencies export. */
final class ExportedServices implements Module {
    private final List<LoadedPlugin> dependencies;

    ExportedServices(List<LoadedPlugin> dependencies) {
        this.dependencies = List.copyOf(dependencies);
    }

    @Override
    public void configure(Binder binder) {
        for (var dependency : dependencies) {
            for (var key : dependency.injector().getBindings().keySet()) {
                if (dependency
                        .jar()
                        .exports()
                        .contains(key.getTypeLiteral().getRawType().getPackageName())) {
                    forward(binder, key, dependency.injector());
                }
            }
        }
    }

    private static <T> void forward(Binder binder, Key<T> key, Injector injector) {
        binder.bind(key).toProvider(() -> injector.getInstance(key));
    }
}
