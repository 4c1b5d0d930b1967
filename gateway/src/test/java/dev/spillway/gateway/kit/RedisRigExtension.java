// SPDX-License-Identifier: Apache-2.0
package dev.spillway.gateway.kit;

import org.junit.jupiter.api.extension.AfterAllCallback;
import org.junit.jupiter.api.extension.BeforeEachCallback;
import org.junit.jupiter.api.extension.ExtensionContext;
import org.junit.jupiter.api.extension.ExtensionContext.Namespace;
import org.junit.jupiter.api.extension.ParameterContext;
import org.junit.jupiter.api.extension.ParameterResolver;

/** Keeps the rig of one test class. */
final class RedisRigExtension implements BeforeEachCallback, AfterAllCallback, ParameterResolver {
    private static final Namespace NAMESPACE = Namespace.create(RedisRigExtension.class);

    @Override
    public void beforeEach(ExtensionContext context) {
        rigOf(context).heal();
    }

    @Override
    public void afterAll(ExtensionContext context) {
        var rig = context.getStore(NAMESPACE).remove(context.getRequiredTestClass(), RedisRig.class);
        if (rig != null) {
            rig.close();
        }
    }

    @Override
    public boolean supportsParameter(ParameterContext parameter, ExtensionContext context) {
        return parameter.getParameter().getType() == RedisRig.class;
    }

    @Override
    public Object resolveParameter(ParameterContext parameter, ExtensionContext context) {
        return rigOf(context);
    }

    private static RedisRig rigOf(ExtensionContext context) {
        var ofClass = context;
        while (ofClass.getTestMethod().isPresent()) {
            ofClass = ofClass.getParent().orElseThrow();
        }
        return ofClass.getStore(NAMESPACE)
                .getOrComputeIfAbsent(context.getRequiredTestClass(), type -> RedisRig.start(), RedisRig.class);
    }
}
