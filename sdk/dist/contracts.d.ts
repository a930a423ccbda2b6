/** The Bridge on L1, as far as users call it. */
export declare const bridgeAbi: readonly [{
    readonly name: "depositETH";
    readonly type: 'function';
    readonly stateMutability: "payable";
    readonly inputs: readonly [{
        readonly type: "address";
        readonly name: "to";
    }];
    readonly outputs: readonly [{
        readonly type: "uint64";
        readonly name: "inboxIndex";
    }];
}, {
    readonly name: "finalizeWithdrawal";
    readonly type: 'function';
    readonly stateMutability: "nonpayable";
    readonly inputs: readonly [{
        readonly type: "uint64";
        readonly name: "batchNumber";
    }, {
        readonly type: "uint64";
        readonly name: "messageIndex";
    }, {
        readonly type: "uint16";
        readonly name: "txNumberInBatch";
    }, {
        readonly type: "bytes";
        readonly name: "message";
    }, {
        readonly type: "bytes32[]";
        readonly name: "proof";
    }];
    readonly outputs: readonly [];
}, {
    readonly name: "isWithdrawalFinalized";
    readonly type: 'function';
    readonly stateMutability: "view";
    readonly inputs: readonly [{
        readonly type: "uint64";
        readonly name: "batchNumber";
    }, {
        readonly type: "uint64";
        readonly name: "messageIndex";
    }];
    readonly outputs: readonly [{
        readonly type: "bool";
    }];
}, {
    readonly name: "DepositInitiated";
    readonly type: 'event';
    readonly inputs: readonly [{
        readonly type: "uint64";
        readonly name: "inboxIndex";
        readonly indexed: true;
    }, {
        readonly type: "address";
        readonly name: "sender";
        readonly indexed: true;
    }, {
        readonly type: "address";
        readonly name: "to";
        readonly indexed: true;
    }, {
        readonly type: "uint256";
        readonly name: "amount";
    }];
}];
/** Ether on L2. */
export declare const baseTokenAddress = "0x000000000000000000000000000000000000800a";
export declare const baseTokenAbi: readonly [{
    readonly name: "withdraw";
    readonly type: 'function';
    readonly stateMutability: "payable";
    readonly inputs: readonly [{
        readonly type: "address";
        readonly name: "l1Receiver";
    }];
    readonly outputs: readonly [];
}];
/** Sends any message from L2 to L1. */
export declare const messengerAddress = "0x0000000000000000000000000000000000008008";
export declare const messengerAbi: readonly [{
    readonly name: "sendToL1";
    readonly type: 'function';
    readonly stateMutability: "nonpayable";
    readonly inputs: readonly [{
        readonly type: "bytes";
        readonly name: "message";
    }];
    readonly outputs: readonly [{
        readonly type: "bytes32";
        readonly name: "hash";
    }];
}];
