package access

// Annotated reports whether the program was built with an overlay of package annotate,
// so that its accesses to plain memory take time. The overlay changes this file.
const Annotated = false
