/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * What the modules of the benchmark share: one core that fires interrupts and
 * counts, and one module for each way to serve them.
 *
 * A round is one interrupt:
 *
 *	doorbell	before the write that makes the device interrupt
 *	isr		the driver's first instruction, its lock held
 *	isr_end		the device is served, the DPC not yet asked for
 *	dpc		the DPC's first instruction
 *	done		the code that wrote the doorbell goes on
 */
#ifndef MINIRQ_BENCH_H
#define MINIRQ_BENCH_H

#include <linux/io.h>
#include <linux/list.h>
#include <linux/pci.h>
#include <linux/timex.h>

#define BENCH_DPCS	64

struct bench_stamps {
	u64 doorbell;
	u64 isr;
	u64 isr_end;
	u64 dpc;
	u64 done;
	unsigned int dpcs;
};

extern struct bench_stamps bench_stamps;

/**
 * struct bench_times - what a driver measured itself while it was bound
 * @registered:	to connect its messages
 * @repeated:	what it did a second time, only to measure it
 */
struct bench_times {
	u64 registered;
	u64 repeated;
};

extern struct bench_times bench_times;

/**
 * struct bench_device - a device that one side serves and the core fires
 * @list:	of the core
 * @side:	who serves it: native, wdm, ndis, storport
 * @kind:	line, msi or msix
 * @pdev:	the PCI function
 * @regs:	its first BAR
 * @doorbell:	where to write @doorbell_value to make it interrupt
 * @ack:	where to write @ack_value to make it stop
 * @status:	not zero while it interrupts; NULL for a message
 * @message_space: where messages are written, when the core does it
 * @stopped:	bench_stop() has been called
 * @dpcs:	how many DPCs its ISR is to queue
 * @queue_others: queue so many DPCs of another device
 * @context:	for @queue_others
 */
struct bench_device {
	struct list_head list;
	const char *side;
	const char *kind;
	struct pci_dev *pdev;
	void __iomem *regs;
	void __iomem *doorbell;
	void __iomem *ack;
	void __iomem *status;
	void __iomem *message_space;
	u32 doorbell_value;
	u32 ack_value;
	bool stopped;
	unsigned int dpcs;
	void (*queue_others)(void *context, unsigned int count);
	void *context;
};

/**
 * struct bench_op - one operation, timed on its own
 * @list:	of the core
 * @row:	which operation
 * @side:	whose
 * @round:	does it once and says what it took
 * @needs:	where a zero means that it cannot be done now, or NULL
 */
struct bench_op {
	struct list_head list;
	const char *row;
	const char *side;
	void (*round)(u64 *took);
	const unsigned int *needs;
};

/* The counter: with QEMU's -icount shift=0 each instruction adds one to it. */
static __always_inline u64 bench_now(void)
{
#ifdef CONFIG_X86
	return rdtsc();
#else
	return get_cycles();
#endif
}

/* Both sides serve the device with the same instructions. */
static __always_inline bool bench_isr(struct bench_device *dev)
{
	bench_stamps.isr = bench_now();
	if (dev->status && !readl(dev->status))
		return false;
	writel(dev->ack_value, dev->ack);
	bench_stamps.isr_end = bench_now();
	return true;
}

static __always_inline void bench_dpc(void)
{
	u64 now = bench_now();

	if (!bench_stamps.dpcs++)
		bench_stamps.dpc = now;
}

/* An operation as a function that times it. */
#define BENCH_OP(_name, _before, _what, _after)				\
static void _name(u64 *took)						\
{									\
	u64 start, end;							\
									\
	_before;							\
	start = bench_now();						\
	_what;								\
	end = bench_now();						\
	*took = end - start;						\
	_after;								\
}

#define BENCH_NOTHING	((void)0)

/* The CPU that DPCs are sent to by the first. */
#define BENCH_REMOTE_CPU	1

static __always_inline void bench_remote_begin(void)
{
	bench_stamps.dpcs = 0;
}

/*
 * Wait for a DPC on another CPU and return when it began. The wait is a series
 * of PAUSE, at each of which QEMU's -icount lets the other CPU run.
 */
static __always_inline u64 bench_remote_wait(void)
{
	unsigned int patience = 1000000;

	while (!READ_ONCE(bench_stamps.dpcs) && --patience)
		cpu_relax();
	return READ_ONCE(bench_stamps.dpc);
}

struct bench_device *bench_attach(const char *side, u64 bar);
void bench_start(struct bench_device *dev);
void bench_stop(struct bench_device *dev);
void bench_detach(struct bench_device *dev);

void bench_add_ops(struct bench_op *ops, unsigned int count);
void bench_remove_ops(struct bench_op *ops, unsigned int count);
void bench_add_limit(unsigned int *limit);
void bench_memory_own(size_t size);

#endif /* MINIRQ_BENCH_H */
