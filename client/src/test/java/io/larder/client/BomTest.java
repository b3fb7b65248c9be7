package io.larder.client;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import javax.xml.parsers.DocumentBuilderFactory;
import javax.xml.xpath.XPath;
import javax.xml.xpath.XPathConstants;
import javax.xml.xpath.XPathFactory;
import org.junit.jupiter.api.Test;
import org.w3c.dom.Document;
import org.w3c.dom.NodeList;

/** The bill of materials names every artifact that others use, in the version of this tree. */
class BomTest {
    private static final Path ROOT = Path.of("..");
    private static final Path BOM = Path.of("bom", "pom.xml");

    private final XPath xpath = XPathFactory.newInstance().newXPath();

    private static Document read(Path pom) throws Exception {
        return DocumentBuilderFactory.newInstance().newDocumentBuilder().parse(pom.toFile());
    }

    private List<String> texts(Document pom, String path) throws Exception {
        NodeList nodes = (NodeList) xpath.evaluate(path, pom, XPathConstants.NODESET);
        List<String> texts = new ArrayList<>();
        for (int index = 0; index < nodes.getLength(); index++) {
            texts.add(nodes.item(index).getTextContent().strip());
        }
        return texts;
    }

    @Test
    void bom_namesEveryModuleThatIsPublished() throws Exception {
        List<String> published = new ArrayList<>();
        for (String module : texts(read(ROOT.resolve("pom.xml")), "/project/modules/module")) {
            Path pom = ROOT.resolve(module).resolve("pom.xml");
            boolean isForOthers = !module.startsWith("bench") && !module.endsWith("examples");
            if (isForOthers && !Files.isSameFile(pom, BOM)) {
                published.addAll(texts(read(pom), "/project/artifactId"));
            }
        }

        assertThat(texts(read(BOM), "//dependency/artifactId"))
                .containsExactlyInAnyOrderElementsOf(published);
    }

    @Test
    void bom_isOfTheVersionOfItsModules() throws Exception {
        Document bom = read(BOM);

        assertThat(texts(bom, "/project/version"))
                .isEqualTo(texts(read(ROOT.resolve("pom.xml")), "/project/version"));
        assertThat(texts(bom, "//dependency/version")).containsOnly("${project.version}");
    }
}
