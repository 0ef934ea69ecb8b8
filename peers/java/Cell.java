import java.util.HashMap;
import java.util.HashSet;
import java.util.Map;

/** What is to be measured. */
record Cell(Map<String, String> fields) {
    /** The fields of a line of the protocol, after its first word. */
    static Map<String, String> parse(String line) {
        var fields = new HashMap<String, String>();
        for (String field : line.trim().split(" +")) {
            int at = field.indexOf('=');
            if (at > 0) {
                fields.put(field.substring(0, at), field.substring(at + 1));
            }
        }
        return fields;
    }

    String word(String name) {
        return fields.getOrDefault(name, "");
    }

    String workload() {
        return word("workload");
    }

    /** A parameter that is a number, or a time in nanoseconds. */
    int number(String name) {
        return Integer.parseInt(word(name));
    }

    /** A submitter shares its CPU with a worker or another submitter, and has to give way. */
    boolean shares() {
        var seen = new HashSet<String>();
        boolean shared = false;
        for (String cpu : word("generators").split(",")) {
            shared |= !seen.add(cpu);
        }
        for (String cpu : word("cpus").split(",")) {
            shared |= seen.contains(cpu);
        }
        return shared;
    }
}
