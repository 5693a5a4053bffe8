/* SPDX-License-Identifier: GPL-2.0-only */
/* Requests: SRBs on their way through a StorPort miniport. */
#ifndef MINIRQ_STORPORT_REQUEST_H
#define MINIRQ_STORPORT_REQUEST_H

#include <linux/atomic.h>
#include <linux/list.h>
#include <linux/llist.h>
#include <linux/types.h>

#include <storport.h>

struct minirq_stor_adapter;
struct minirq_stor_deliverer;
struct minirq_stor_unit;

/**
 * struct minirq_stor_request - an SRB, and what the port keeps of it
 * @srb:	what the driver sees; its initiator fills it in
 * @node:	in the list of the CPU that delivers its completion
 * @held:	in the list of those that the gate holds back
 * @unit:	that counts it as started, or NULL
 * @state:	whose it is, see storport_state.h
 * @due:	the second after which it takes too long
 * @sg:	where its data are, once the driver has asked, or NULL
 * @cpu:	that issued it
 * @message:	the message that it should complete on
 * @channel:	the channel that HwStorStartIo has been called on
 * @done:	called at DISPATCH_LEVEL when it is completed; may start it again
 * @context:	for @done
 */
struct minirq_stor_request {
	SCSI_REQUEST_BLOCK srb;
	struct llist_node node;
	struct list_head held;
	struct minirq_stor_unit *unit;
	atomic64_t state;
	u64 due;
	PSTOR_SCATTER_GATHER_LIST sg;
	unsigned int cpu;
	unsigned int message;
	unsigned int channel;
	void (*done)(struct minirq_stor_request *request);
	void *context;
};

/**
 * struct minirq_stor_requests - the requests of an adapter
 * @open:	requests may be started
 * @deliverers:	one for each CPU
 * @channels:	taken before several of @channel
 * @channel:	with several channels, the lock of each
 * @depth:	length of @request
 * @request:	by tag
 */
struct minirq_stor_requests {
	bool open;
	struct minirq_stor_deliverer __percpu *deliverers;
	KSPIN_LOCK channels;
	PKSPIN_LOCK channel;
	unsigned int depth;
	struct minirq_stor_request request[];
};

int minirq_stor_requests_create(struct minirq_stor_adapter *adapter,
				unsigned int depth);
void minirq_stor_requests_close(struct minirq_stor_adapter *adapter);
void minirq_stor_requests_open(struct minirq_stor_adapter *adapter);
void minirq_stor_requests_flush(struct minirq_stor_adapter *adapter,
				UCHAR status);
void minirq_stor_requests_destroy(struct minirq_stor_adapter *adapter);

struct minirq_stor_request *
minirq_stor_request(struct minirq_stor_adapter *adapter, unsigned int tag);
struct minirq_stor_request *
minirq_stor_request_of(struct minirq_stor_adapter *adapter,
		       PSCSI_REQUEST_BLOCK srb);
unsigned int minirq_stor_requests_depth(struct minirq_stor_adapter *adapter);
unsigned int minirq_stor_requests_started(struct minirq_stor_adapter *adapter);
bool minirq_stor_request_started(struct minirq_stor_request *request);
void minirq_stor_request_end(struct minirq_stor_adapter *adapter,
			     struct minirq_stor_request *request, s64 state,
			     UCHAR status);
void minirq_stor_request_complete(struct minirq_stor_adapter *adapter,
				  PSCSI_REQUEST_BLOCK srb, void *caller);

#endif /* MINIRQ_STORPORT_REQUEST_H */
