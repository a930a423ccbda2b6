#include "rollup/prover_input.h"

enum { prover_input_version = 2 };

static status read_constants(struct rlp_reader fields, struct prover_input *input)
{
	TRY(rlp_u256(&fields, &input->l1_chain_id));
	TRY(rlp_address(&fields, &input->rollup));
	TRY(rlp_uint64(&fields, &input->l2_chain_id));
	TRY(rlp_u256(&fields, &input->rules_version));
	TRY(rlp_uint64(&fields, &input->batch_number));
	TRY(rlp_bytes32(&fields, &input->state_root_before));
	TRY(rlp_uint64(&fields, &input->inbox_count_before));
	return rlp_end(&fields);
}

status prover_input_read(struct slice bytes, struct prover_input *input)
{
	struct rlp_reader fields, constants;
	uint64_t version;
	TRY(rlp_only_list(bytes, &fields));
	TRY(rlp_uint64(&fields, &version));
	if (version != prover_input_version)
		return FAIL(STATUS_INPUT_VERSION);
	TRY(rlp_list(&fields, &constants));
	TRY(read_constants(constants, input));
	TRY(rlp_string(&fields, &input->parent_header));
	TRY(rlp_list(&fields, &input->blocks));
	TRY(rlp_list(&fields, &input->nodes));
	TRY(rlp_list(&fields, &input->codes));
	TRY(rlp_list(&fields, &input->frontier));
	TRY(rlp_list(&fields, &input->items));
	TRY(rlp_end(&fields));
	return rlp_at_end(&input->blocks) ? FAIL(STATUS_BATCH) : STATUS_OK;
}
