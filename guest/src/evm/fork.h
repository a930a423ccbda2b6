#ifndef GUEST_EVM_FORK_H
#define GUEST_EVM_FORK_H

/* In order: a later fork has the rules of the earlier ones. The rollup is Osaka for ever; the others run official tests. */
enum fork { FORK_CANCUN, FORK_PRAGUE, FORK_OSAKA };

#endif
