package io.larder.client;

import static java.util.stream.Collectors.joining;

import java.lang.reflect.AnnotatedArrayType;
import java.lang.reflect.AnnotatedParameterizedType;
import java.lang.reflect.AnnotatedType;
import java.lang.reflect.AnnotatedWildcardType;
import java.lang.reflect.ParameterizedType;
import java.lang.reflect.TypeVariable;
import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/** Types as an API signature has them: full names, arguments, and what may be null. */
final class TypeText {
    private TypeText() {}

    static String of(AnnotatedType type) {
        String text = withoutMark(type);
        boolean mayBeNull = type.isAnnotationPresent(Nullable.class);
        return mayBeNull ? text + '?' : text;
    }

    private static String withoutMark(AnnotatedType type) {
        if (type instanceof AnnotatedArrayType array) {
            return of(array.getAnnotatedGenericComponentType()) + "[]";
        }
        if (type instanceof AnnotatedParameterizedType parameterized) {
            return ((Class<?>) ((ParameterizedType) type.getType()).getRawType()).getName()
                    + list(parameterized.getAnnotatedActualTypeArguments());
        }
        if (type instanceof AnnotatedWildcardType wildcard) {
            return wildcard(wildcard);
        }
        return type.getType().getTypeName();
    }

    private static String wildcard(AnnotatedWildcardType wildcard) {
        AnnotatedType[] lower = wildcard.getAnnotatedLowerBounds();
        if (lower.length > 0 && lower[0].getType() != Object.class) {
            return "? super " + of(lower[0]);
        }
        AnnotatedType[] upper = wildcard.getAnnotatedUpperBounds();
        boolean isBound = upper.length > 0 && upper[0].getType() != Object.class;
        return isBound ? "? extends " + of(upper[0]) : "?";
    }

    private static String list(AnnotatedType[] types) {
        return types.length == 0
                ? ""
                : Arrays.stream(types).map(TypeText::of).collect(joining(", ", "<", ">"));
    }

    /** The parameters of a generic class or method with their bounds; empty if it has none. */
    static String parameters(TypeVariable<?>[] variables) {
        return variables.length == 0
                ? ""
                : Arrays.stream(variables)
                        .map(TypeText::parameter)
                        .collect(joining(", ", "<", ">"));
    }

    private static String parameter(TypeVariable<?> variable) {
        String bounds =
                Arrays.stream(variable.getAnnotatedBounds())
                        .map(TypeText::of)
                        .filter(bound -> !bound.equals("java.lang.Object"))
                        .collect(joining(" & "));
        return bounds.isEmpty() ? variable.getName() : variable.getName() + " extends " + bounds;
    }
}
