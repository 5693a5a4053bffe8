// SPDX-License-Identifier: GPL-2.0-only
/*
 * Issues requests to a StorPort miniport, from every CPU, for as long as it is
 * told, and counts what becomes of them:
 *
 *	echo 0000:00:04.0 60 >/sys/module/minirq_initiator/parameters/run
 *
 * Each request reads a block of the disk that the tests make, in which every
 * block says where it is.
 */
#include <linux/completion.h>
#include <linux/cpumask.h>
#include <linux/kthread.h>
#include <linux/module.h>
#include <linux/pci.h>
#include <linux/random.h>
#include <linux/slab.h>
#include <linux/wait.h>

#include "../src/driver.h"
#include "../src/storport_miniport.h"
#include "../src/storport_request.h"
#include "../src/storport_start.h"

#define DEPTH		8	/* requests of a CPU */
#define BLOCK		512
#define BLOCKS		2048
#define LINES		32	/* in a block, of 16 characters */
#define READ10		0x28
#define LOG_SENSE	0x4d
#define HOST_READS	64	/* where the health log counts them */

/**
 * struct reader - a request, and what became of it
 * @request:	the request
 * @buffer:	of a block
 * @block:	which block it reads
 * @pending:	it is under way
 */
struct reader {
	struct minirq_stor_request *request;
	void *buffer;
	u32 block;
	atomic_t pending;
};

/**
 * struct load - one run
 * @adapter:	whose requests
 * @until:	jiffies when it ends
 * @readers:	@DEPTH for each CPU
 * @left:	CPUs that are not done yet
 * @done:	all of them are
 */
struct load {
	struct minirq_stor_adapter *adapter;
	unsigned long until;
	struct reader *readers;
	atomic_t left;
	struct completion done;
};

/* Woken when a request has come back; whoever wakes may be behind its waiter. */
static DECLARE_WAIT_QUEUE_HEAD(idle);

/* What a run has seen */
static atomic_t started, finished, twice, wrong, busy, failed, elsewhere;
static atomic_t timed_out;
static unsigned int lost, cpus;
static unsigned long long device_reads;

static int count_get(char *buffer, const struct kernel_param *kp)
{
	return scnprintf(buffer, PAGE_SIZE, "%d\n", atomic_read(kp->arg));
}

static const struct kernel_param_ops count_ops = { .get = count_get };

module_param_cb(started, &count_ops, &started, 0444);
module_param_cb(finished, &count_ops, &finished, 0444);
module_param_cb(twice, &count_ops, &twice, 0444);
module_param_cb(wrong, &count_ops, &wrong, 0444);
module_param_cb(busy, &count_ops, &busy, 0444);
module_param_cb(failed, &count_ops, &failed, 0444);
module_param_cb(elsewhere, &count_ops, &elsewhere, 0444);
module_param_cb(timed_out, &count_ops, &timed_out, 0444);
module_param(lost, uint, 0444);
module_param(cpus, uint, 0444);
module_param(device_reads, ullong, 0444);

/* Seconds that the next request may take; the others may take any time. */
static unsigned int limit;
module_param(limit, uint, 0644);

static bool says_where(const struct reader *reader)
{
	char text[16];

	scnprintf(text, sizeof(text), "minirq %08u", reader->block * LINES);
	return !memcmp(reader->buffer, text, sizeof(text) - 1);
}

static void judge(struct reader *reader)
{
	struct minirq_stor_request *request = reader->request;

	if (request->srb.SrbStatus == SRB_STATUS_BUSY) {
		atomic_inc(&busy);
		return;
	}
	atomic_inc(&finished);
	if (request->srb.SrbStatus == SRB_STATUS_TIMEOUT)
		atomic_inc(&timed_out);
	else if (request->srb.SrbStatus != SRB_STATUS_SUCCESS)
		atomic_inc(&failed);
	else if (request->srb.Cdb[0] == READ10 && !says_where(reader))
		atomic_inc(&wrong);
	if (request->cpu != smp_processor_id())
		atomic_inc(&elsewhere);
}

static void request_done(struct minirq_stor_request *request)
{
	struct reader *reader = request->context;

	judge(reader);
	if (!atomic_xchg(&reader->pending, 0))
		atomic_inc(&twice);
	wake_up(&idle);
}

static int issue(struct load *load, struct reader *reader)
{
	atomic_set(&reader->pending, 1);
	return minirq_stor_request_start(load->adapter, reader->request);
}

static void prepare_read(struct reader *reader)
{
	PSCSI_REQUEST_BLOCK srb = &reader->request->srb;

	reader->block = get_random_u32() % BLOCKS;
	memset(reader->buffer, 0, BLOCK);
	srb->Function = SRB_FUNCTION_EXECUTE_SCSI;
	srb->SrbFlags = SRB_FLAGS_DATA_IN;
	srb->DataBuffer = reader->buffer;
	srb->DataTransferLength = BLOCK;
	srb->TimeOutValue = xchg(&limit, 0);
	srb->CdbLength = 10;
	memset(srb->Cdb, 0, sizeof(srb->Cdb));
	srb->Cdb[0] = READ10;
	srb->Cdb[4] = reader->block >> 8;
	srb->Cdb[5] = reader->block;
	srb->Cdb[8] = 1;
}

static struct reader *idle_one(struct reader *mine)
{
	unsigned int i;

	for (i = 0; i < DEPTH; i++)
		if (!atomic_read(&mine[i].pending))
			return &mine[i];
	return NULL;
}

static bool all_idle(struct reader *mine)
{
	unsigned int i;

	for (i = 0; i < DEPTH; i++)
		if (atomic_read(&mine[i].pending))
			return false;
	return true;
}

/* On each CPU: keep all its requests under way until the time is over. */
static int keep_reading(void *arg)
{
	struct load *load = arg;
	struct reader *mine = load->readers + smp_processor_id() * DEPTH;
	struct reader *reader;

	while (time_before(jiffies, load->until)) {
		reader = idle_one(mine);
		if (!reader) {
			wait_event_timeout(idle, idle_one(mine), HZ);
			continue;
		}
		prepare_read(reader);
		atomic_inc(&started);
		if (issue(load, reader))
			break;
	}
	wait_event_timeout(idle, all_idle(mine), 20 * HZ);
	if (atomic_dec_and_test(&load->left))
		complete(&load->done);
	return 0;
}

/* How many reads the device itself has counted. */
static u64 reads_of_device(struct load *load)
{
	struct reader *reader = &load->readers[0];
	PSCSI_REQUEST_BLOCK srb = &reader->request->srb;

	prepare_read(reader);
	srb->Cdb[0] = LOG_SENSE;
	if (issue(load, reader) ||
	    !wait_event_timeout(idle, all_idle(reader), 20 * HZ))
		return 0;
	return le64_to_cpup(reader->buffer + HOST_READS);
}

static int make_readers(struct load *load)
{
	unsigned int i;

	load->readers = kcalloc(nr_cpu_ids * DEPTH, sizeof(*load->readers),
				GFP_KERNEL);
	if (!load->readers)
		return -ENOMEM;
	for (i = 0; i < nr_cpu_ids * DEPTH; i++) {
		struct reader *reader = &load->readers[i];

		reader->request = minirq_stor_request(load->adapter, i);
		reader->request->done = request_done;
		reader->request->context = reader;
		reader->buffer = kzalloc(BLOCK, GFP_KERNEL);
		if (!reader->buffer)
			return -ENOMEM;
	}
	return 0;
}

/* A request that never came back may still be written to: it stays. */
static void free_readers(struct load *load)
{
	unsigned int i;

	if (!load->readers || lost)
		return;
	for (i = 0; i < nr_cpu_ids * DEPTH; i++)
		kfree(load->readers[i].buffer);
	kfree(load->readers);
}

static void read_everywhere(struct load *load)
{
	struct task_struct *task;
	unsigned int cpu;

	cpus = 0;
	atomic_set(&load->left, 1);
	for_each_online_cpu(cpu) {
		task = kthread_create(keep_reading, load, "reader/%u", cpu);
		if (IS_ERR(task))
			break;
		kthread_bind(task, cpu);
		atomic_inc(&load->left);
		cpus++;
		wake_up_process(task);
	}
	if (!atomic_dec_and_test(&load->left))
		wait_for_completion(&load->done);
}

static int run_load(struct minirq_stor_miniport *miniport, unsigned int seconds)
{
	struct load load = { .adapter = &miniport->adapter };
	u64 before;
	int err;

	err = minirq_stor_requests_create(load.adapter, nr_cpu_ids * DEPTH);
	if (err && err != -EBUSY)
		return err;
	init_completion(&load.done);
	err = make_readers(&load);
	if (!err) {
		before = reads_of_device(&load);
		load.until = jiffies + seconds * HZ;
		atomic_set(&started, 0);
		atomic_set(&finished, 0);
		atomic_set(&busy, 0);
		atomic_set(&elsewhere, 0);
		read_everywhere(&load);
		lost = atomic_read(&started) - atomic_read(&finished) -
		       atomic_read(&busy);
		device_reads = reads_of_device(&load) - before;
		atomic_dec(&finished);
	}
	free_readers(&load);
	return err;
}

/* The device stays bound as long as the run takes. */
static int run_set(const char *text, const struct kernel_param *kp)
{
	struct minirq_device *mdev;
	struct device *dev;
	char name[32];
	unsigned int seconds;
	int err = -ENODEV;

	if (sscanf(text, "%31s %u", name, &seconds) != 2)
		return -EINVAL;
	dev = bus_find_device_by_name(&pci_bus_type, NULL, name);
	if (!dev)
		return -ENODEV;
	device_lock(dev);
	mdev = dev->driver ? pci_get_drvdata(to_pci_dev(dev)) : NULL;
	if (mdev)
		err = run_load(mdev->adapter, seconds);
	device_unlock(dev);
	put_device(dev);
	return err;
}

static const struct kernel_param_ops run_ops = { .set = run_set };
module_param_cb(run, &run_ops, NULL, 0200);
MODULE_PARM_DESC(run, "PCI address and seconds: read blocks from every CPU");

MODULE_INFO(import_ns, "MINIRQ");
MODULE_DESCRIPTION("minirq test: an initiator for StorPort miniports");
MODULE_LICENSE("GPL");
