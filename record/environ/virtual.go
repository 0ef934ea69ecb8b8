package environ

import (
	"slices"
	"strings"
)

// virtualised returns "no", "yes", or "yes (which)".
//
// On x86 the processor's flags decide, but do not name the vendor: a vendor of virtual
// machines may also rent out bare metal under the same name. Other processors have no
// such flag. There a virtual machine may be recognised by its name, but the absence of
// one proves nothing.
func virtualised(s System) string {
	which := hypervisor(s)
	flags := field(s.file("proc/cpuinfo"), "flags")
	switch {
	case flags != "" && !hasWord(flags, "hypervisor"):
		return "no"
	case which != "":
		return "yes (" + which + ")"
	case flags != "":
		return "yes"
	default:
		return ""
	}
}

// hypervisor returns the name of the hypervisor if it can be identified.
func hypervisor(s System) string {
	if t := s.file("sys/hypervisor/type"); t != "" {
		return t
	}
	available := s.Clocks()
	for _, c := range []struct{ clock, name string }{
		{"kvm-clock", "kvm"},
		{"hyperv_clocksource_tsc_page", "hyperv"},
		{"xen", "xen"},
	} {
		if slices.Contains(available, c.clock) {
			return c.name
		}
	}
	if hasWord(strings.ReplaceAll(s.file("proc/device-tree/hypervisor/compatible"), "\x00", " "), "linux,kvm") {
		return "kvm"
	}
	vendor := s.file("sys/class/dmi/id/sys_vendor")
	product := s.file("sys/class/dmi/id/product_name")
	for _, m := range []struct{ vendor, product, name string }{
		{"QEMU", "", "qemu"},
		{"VMware", "", "vmware"},
		{"innotek", "", "virtualbox"},
		{"Xen", "", "xen"},
		{"Parallels", "", "parallels"},
		{"Microsoft Corporation", "Virtual Machine", "hyperv"},
		{"", "KVM", "kvm"},
	} {
		if strings.HasPrefix(vendor, m.vendor) && strings.HasPrefix(product, m.product) {
			return m.name
		}
	}
	return ""
}

func hasWord(text, word string) bool {
	for w := range strings.FieldsSeq(text) {
		if w == word {
			return true
		}
	}
	return false
}
