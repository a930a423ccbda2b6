#ifndef GUEST_EVM_INTERPRETER_H
#define GUEST_EVM_INTERPRETER_H

#include "evm/frame.h"

/* Runs the frame on top until another one is there (STEP_SWITCH) or the run fails (STEP_FAIL). */
enum step interpret(struct evm *evm, struct frame *frame);

#endif
