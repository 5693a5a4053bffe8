// SPDX-License-Identifier: GPL-2.0-only
/*
 * Runs suites where the kernel has no KUnit: each case in a thread of its own,
 * which a failed assertion ends. Results look as KUnit's do, and are where those
 * would be.
 */
#include <linux/debugfs.h>
#include <linux/err.h>
#include <linux/kthread.h>
#include <linux/printk.h>
#include <linux/slab.h>
#include <linux/spinlock.h>
#include <linux/vmalloc.h>

#include <kunit/test.h>

struct kunit_suite *kunit_suites[0] __section("minirq_suites");

#define LOG_SIZE	(64 * 1024)

/**
 * struct kunit_log - what a suite has to tell
 * @node:	in the list of logs
 * @lock:	protects @file and @text: a DPC may fail, too
 * @file:	how debugfs sees @text
 * @text:	the lines
 */
struct kunit_log {
	struct list_head node;
	raw_spinlock_t lock;
	struct debugfs_blob_wrapper file;
	char text[LOG_SIZE];
};

static LIST_HEAD(logs);
static struct dentry *folder;

__printf(2, 3)
static void say(struct kunit_log *log, const char *format, ...)
{
	unsigned long flags;
	char line[256];
	va_list args;
	int length;

	va_start(args, format);
	length = vscnprintf(line, sizeof(line), format, args);
	va_end(args);
	pr_info("%s", line);
	raw_spin_lock_irqsave(&log->lock, flags);
	length = min_t(int, length, LOG_SIZE - log->file.size);
	memcpy(log->text + log->file.size, line, length);
	log->file.size += length;
	raw_spin_unlock_irqrestore(&log->lock, flags);
}

void kunit_fail(struct kunit *test, const char *where, long left, long right,
		const char *format, ...)
{
	struct va_format message = { .fmt = format };
	va_list args;

	va_start(args, format);
	message.va = &args;
	say(test->log, "    # %s: %s, but %ld (%#lx) and %ld (%#lx) %pV\n", test->what->name,
	    where, left, left, right, right, &message);
	va_end(args);
	test->failed = true;
}

void *kunit_alloc_resource(struct kunit *test,
			   int (*init)(struct kunit_resource *resource, void *context),
			   void (*free)(struct kunit_resource *resource),
			   gfp_t gfp, void *context)
{
	struct kunit_resource *resource = kzalloc(sizeof(*resource), gfp);

	if (!resource)
		return NULL;
	resource->free = free;
	if (init(resource, context)) {
		kfree(resource);
		return NULL;
	}
	list_add(&resource->node, &test->resources);
	return resource->data;
}

static int take_data(struct kunit_resource *resource, void *data)
{
	resource->data = data;
	return data ? 0 : -ENOMEM;
}

static void free_data(struct kunit_resource *resource)
{
	kfree(resource->data);
}

void *kunit_kmalloc(struct kunit *test, size_t size, gfp_t gfp)
{
	return kunit_alloc_resource(test, take_data, free_data, gfp, kmalloc(size, gfp));
}

static void free_resources(struct kunit *test)
{
	struct kunit_resource *resource, *next;

	list_for_each_entry_safe(resource, next, &test->resources, node) {
		resource->free(resource);
		kfree(resource);
	}
	INIT_LIST_HEAD(&test->resources);
}

void kunit_end(struct kunit *test)
{
	kthread_complete_and_exit(&test->done, 0);
}

void kunit_skip(struct kunit *test, const char *format, ...)
{
	va_list args;

	va_start(args, format);
	vscnprintf(test->reason, sizeof(test->reason), format, args);
	va_end(args);
	test->skipped = true;
	kunit_end(test);
}

static int work(void *data)
{
	struct kunit *test = data;

	test->fn(test);
	kunit_end(test);
	return 0;
}

static void in_thread(struct kunit *test, void (*fn)(struct kunit *test))
{
	struct task_struct *task;

	test->fn = fn;
	init_completion(&test->done);
	task = kthread_run(work, test, "kunit_case");
	KUNIT_EXPECT_FALSE(test, IS_ERR(task));
	if (!IS_ERR(task))
		wait_for_completion(&test->done);
}

static void clear_away(struct kunit *test)
{
	if (test->suite->exit)
		test->suite->exit(test);
	free_resources(test);
	test->cleared = true;
}

static void do_all(struct kunit *test)
{
	if (test->suite->init)
		KUNIT_ASSERT_EQ(test, test->suite->init(test), 0);
	test->what->run_case(test);
	clear_away(test);
}

/*
 * Another thread clears away what a case has left that ended early. There is none
 * before: the case may have left CPUs busy on which it would wait.
 */
static void run(struct kunit *test)
{
	test->priv = NULL;
	test->failed = false;
	test->skipped = false;
	test->cleared = false;
	test->reason[0] = '\0';
	in_thread(test, do_all);
	if (!test->cleared)
		in_thread(test, clear_away);
}

static void give_result(struct kunit *test, const char *indent, unsigned int number,
			const char *name)
{
	say(test->log, "%s%sok %u %s%s%s\n", indent, test->failed ? "not " : "", number,
	    name, test->skipped ? " # SKIP " : "", test->reason);
}

/* It fails when it does with one of its parameters. */
static void run_with_each(struct kunit *test)
{
	char desc[KUNIT_PARAM_DESC_SIZE];
	const void *param = NULL;
	unsigned int number = 0;
	bool failed = false, skipped = false;

	say(test->log, "        KTAP version 1\n        # Subtest: %s\n", test->what->name);
	while ((param = test->what->generate_params(param, desc))) {
		test->param_value = param;
		run(test);
		give_result(test, "        ", ++number, desc);
		failed |= test->failed;
		skipped |= test->skipped;
	}
	test->param_value = NULL;
	test->failed = failed;
	test->skipped = skipped;
}

static void run_cases(struct kunit *test)
{
	unsigned int number = 0;
	bool failed = false;

	say(test->log, "    KTAP version 1\n    # Subtest: %s\n", test->suite->name);
	for (test->what = test->suite->test_cases; test->what->run_case; test->what++) {
		if (test->what->generate_params)
			run_with_each(test);
		else
			run(test);
		give_result(test, "    ", ++number, test->what->name);
		failed |= test->failed;
	}
	say(test->log, "    1..%u\n%sok 1 %s\n", number, failed ? "not " : "",
	    test->suite->name);
}

static struct kunit_log *new_log(const char *name)
{
	struct kunit_log *log = vzalloc(sizeof(*log));

	if (!log)
		return NULL;
	raw_spin_lock_init(&log->lock);
	log->file.data = log->text;
	list_add(&log->node, &logs);
	if (!folder)
		folder = debugfs_create_dir("kunit", NULL);
	debugfs_create_blob("results", 0444, debugfs_create_dir(name, folder), &log->file);
	return log;
}

int kunit_run_suite(struct kunit_suite *suite)
{
	struct kunit *test = kzalloc(sizeof(*test), GFP_KERNEL);
	struct kunit_log *log = new_log(suite->name);

	if (!test || !log) {
		kfree(test);
		return -ENOMEM;
	}
	test->suite = suite;
	test->log = log;
	INIT_LIST_HEAD(&test->resources);
	run_cases(test);
	kfree(test);
	return 0;
}

void kunit_forget_suites(void)
{
	struct kunit_log *log, *next;

	debugfs_remove_recursive(folder);
	list_for_each_entry_safe(log, next, &logs, node)
		vfree(log);
}
