package dev.slipway.trace;

/** The two machines whose system calls are known. */
enum Arch {
  X86_64(0xC000003E, 0x10000, 0x20000, 317, 186, 434, 438, 0x40000000),
  AARCH64(0xC00000B7, 0x4000, 0x8000, 277, 178, 434, 438, 0);

  /** {@code AUDIT_ARCH_…}, as filters are told. */
  final int audit;

  final int oDirectory;
  final int oNoFollow;
  final int seccomp;
  final int gettid;
  final int pidfdOpen;
  final int pidfdGetfd;

  /** The bit that marks calls of another numbering under the same name (x32); 0 for none. */
  final int foreignBit;

  Arch(
      int audit,
      int oDirectory,
      int oNoFollow,
      int seccomp,
      int gettid,
      int pidfdOpen,
      int pidfdGetfd,
      int foreignBit) {
    this.audit = audit;
    this.oDirectory = oDirectory;
    this.oNoFollow = oNoFollow;
    this.seccomp = seccomp;
    this.gettid = gettid;
    this.pidfdOpen = pidfdOpen;
    this.pidfdGetfd = pidfdGetfd;
    this.foreignBit = foreignBit;
  }

  int number(Call call) {
    return this == X86_64 ? call.x86 : call.arm;
  }
}
