package io.larder.client;

import static java.util.stream.Collectors.joining;

import java.lang.reflect.AnnotatedType;
import java.lang.reflect.Constructor;
import java.lang.reflect.Executable;
import java.lang.reflect.Field;
import java.lang.reflect.Member;
import java.lang.reflect.Method;
import java.lang.reflect.Modifier;
import java.lang.reflect.RecordComponent;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collection;
import java.util.List;
import java.util.TreeSet;
import java.util.stream.Stream;

/**
 * What users of classes may rely on, as text: for each public class its kind, what it extends, and
 * its public and protected members, in an order that does not depend on the JVM.
 */
final class ApiText {
    private ApiText() {}

    static String of(Collection<Class<?>> classes) {
        return classes.stream()
                .filter(ApiText::isPublic)
                .sorted((one, other) -> one.getName().compareTo(other.getName()))
                .map(ApiText::of)
                .collect(joining("\n"));
    }

    /** Public, and so are those it is nested in. */
    private static boolean isPublic(Class<?> type) {
        Class<?> outer = type.getEnclosingClass();
        return Modifier.isPublic(type.getModifiers()) && (outer == null || isPublic(outer));
    }

    private static String of(Class<?> type) {
        List<String> lines = new ArrayList<>(List.of(header(type)));
        lines.addAll(sorted(Arrays.stream(type.getDeclaredFields()).map(ApiText::field)));
        lines.addAll(
                sorted(Arrays.stream(type.getDeclaredConstructors()).map(ApiText::constructor)));
        lines.addAll(sorted(Arrays.stream(type.getDeclaredMethods()).map(ApiText::method)));
        return String.join("\n", lines) + "\n";
    }

    /** Without the empty lines of what is nobody's business. */
    private static Collection<String> sorted(Stream<String> lines) {
        return lines.filter(line -> !line.isEmpty())
                .collect(TreeSet::new, TreeSet::add, TreeSet::addAll);
    }

    private static String header(Class<?> type) {
        String above =
                Stream.concat(
                                Stream.ofNullable(type.getAnnotatedSuperclass()),
                                Arrays.stream(type.getAnnotatedInterfaces()))
                        .map(TypeText::of)
                        .filter(name -> !name.equals("java.lang.Object"))
                        .sorted()
                        .collect(joining(", "));
        String name = type.getName() + TypeText.parameters(type.getTypeParameters());
        return kind(type) + ' ' + name + (above.isEmpty() ? "" : " : " + above);
    }

    private static String kind(Class<?> type) {
        if (type.isAnnotation()) {
            return "annotation";
        }
        if (type.isInterface()) {
            return "interface";
        }
        if (type.isEnum()) {
            return "enum";
        }
        if (type.isRecord()) {
            return "record";
        }
        return modifiers(type.getModifiers() & (Modifier.ABSTRACT | Modifier.FINAL)) + "class";
    }

    private static String modifiers(int modifiers) {
        String text = Modifier.toString(modifiers);
        return text.isEmpty() ? "" : text + ' ';
    }

    private static boolean isHidden(Member member) {
        int open = Modifier.PUBLIC | Modifier.PROTECTED;
        return member.isSynthetic() || (member.getModifiers() & open) == 0;
    }

    private static String field(Field field) {
        return isHidden(field)
                ? ""
                : "  "
                        + modifiers(field.getModifiers())
                        + TypeText.of(field.getAnnotatedType())
                        + ' '
                        + field.getName();
    }

    private static String constructor(Constructor<?> constructor) {
        return isHidden(constructor)
                ? ""
                : "  "
                        + modifiers(constructor.getModifiers())
                        + TypeText.parameters(constructor.getTypeParameters())
                        + "new"
                        + parameters(constructor);
    }

    private static String method(Method method) {
        if (isHidden(method) || method.isBridge()) {
            return "";
        }
        int kept = Modifier.methodModifiers() & ~Modifier.SYNCHRONIZED;
        String generic = TypeText.parameters(method.getTypeParameters());
        return "  "
                + (method.isDefault() ? "default " : "")
                + modifiers(method.getModifiers() & kept)
                + (generic.isEmpty() ? "" : generic + ' ')
                + TypeText.of(method.getAnnotatedReturnType())
                + ' '
                + method.getName()
                + parameters(method);
    }

    private static String parameters(Executable executable) {
        AnnotatedType[] parameters = parameterTypes(executable);
        String thrown =
                Arrays.stream(executable.getAnnotatedExceptionTypes())
                        .map(TypeText::of)
                        .sorted()
                        .collect(joining(", "));
        return Arrays.stream(parameters).map(TypeText::of).collect(joining(", ", "(", ")"))
                + (thrown.isEmpty() ? "" : " throws " + thrown);
    }

    /**
     * Of a record's canonical constructor those of its components: what newer compilers write of
     * that constructor older reflection reads without type arguments.
     */
    private static AnnotatedType[] parameterTypes(Executable executable) {
        Class<?> type = executable.getDeclaringClass();
        if (executable instanceof Constructor && type.isRecord()) {
            RecordComponent[] components = type.getRecordComponents();
            Class<?>[] raw =
                    Arrays.stream(components).map(RecordComponent::getType).toArray(Class[]::new);
            if (Arrays.equals(raw, executable.getParameterTypes())) {
                return Arrays.stream(components)
                        .map(RecordComponent::getAnnotatedType)
                        .toArray(AnnotatedType[]::new);
            }
        }
        return executable.getAnnotatedParameterTypes();
    }
}
