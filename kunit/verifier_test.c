// SPDX-License-Identifier: GPL-2.0-only
/* Reports of broken rules: each place once, each time counted. */
#include <linux/kmsg_dump.h>
#include <linux/string.h>

#include <kunit/test.h>

#include "../src/interrupt.h"
#include "../src/verifier.h"
#include "cpu.h"
#include "fake_irq.h"

/* How many lines of the kernel log contain both. */
static unsigned int lines_with(const char *one, const char *two)
{
	static char line[512];
	struct kmsg_dump_iter iter;
	unsigned int count = 0;
	size_t len;

	kmsg_dump_rewind(&iter);
	while (kmsg_dump_get_line(&iter, false, line, sizeof(line) - 1, &len)) {
		line[len] = '\0';
		count += strstr(line, one) && strstr(line, two);
	}
	return count;
}

static void verifier_counts_each_time(struct kunit *test)
{
	unsigned int before = minirq_verifier_count(MINIRQ_RULE_LEAK);
	unsigned int total = minirq_verifier_total();
	unsigned int other = minirq_verifier_count(MINIRQ_RULE_SPIN_LOCK);
	int i;

	for (i = 0; i < 5; i++)
		minirq_violation(MINIRQ_RULE_LEAK, verifier_counts_each_time, "count %d", i);
	KUNIT_EXPECT_EQ(test, minirq_verifier_count(MINIRQ_RULE_LEAK), before + 5);
	KUNIT_EXPECT_EQ(test, minirq_verifier_total(), total + 5);
	KUNIT_EXPECT_EQ(test, minirq_verifier_count(MINIRQ_RULE_SPIN_LOCK), other);
}

static void verifier_reports_a_place_once(struct kunit *test)
{
	int i;

	for (i = 0; i < 5; i++)
		minirq_violation(MINIRQ_RULE_LEAK, verifier_reports_a_place_once, "once %d", i);
	KUNIT_EXPECT_EQ(test, lines_with("verifier_reports_a_place_once", "once "), 1);
	KUNIT_EXPECT_EQ(test, lines_with("verifier_reports_a_place_once", "once 0"), 1);
}

static void verifier_names_rule_place_and_cause(struct kunit *test)
{
	minirq_violation(MINIRQ_RULE_DPC_FLUSH, verifier_names_rule_place_and_cause,
			 "cause %d", 4711);
	KUNIT_EXPECT_EQ(test, lines_with("verifier_names_rule_place_and_cause", "cause 4711"), 1);
	KUNIT_EXPECT_EQ(test, lines_with("IrqlKeFlushQueuedDpcs", "cause 4711"), 1);
}

static void verifier_reports_each_place(struct kunit *test)
{
	void *place = verifier_reports_each_place;

	minirq_violation(MINIRQ_RULE_LEAK, place, "each place");
	minirq_violation(MINIRQ_RULE_LEAK, place + 1, "each place");
	minirq_violation(MINIRQ_RULE_LEAK, place + 2, "each place");
	KUNIT_EXPECT_EQ(test, lines_with("verifier_reports_each_place", "each place"), 3);
}

/* Also where two calls are as close as their rules. */
static void verifier_reports_each_rule_of_a_place(struct kunit *test)
{
	void *place = verifier_reports_each_rule_of_a_place;

	minirq_violation(MINIRQ_RULE_RAISE_IRQL, place, "each rule");
	minirq_violation(MINIRQ_RULE_LOWER_IRQL, place, "each rule");
	minirq_violation(MINIRQ_RULE_RAISE_IRQL, place + 1, "each rule");
	minirq_violation(MINIRQ_RULE_LOWER_IRQL, place + 1, "each rule");
	KUNIT_EXPECT_EQ(test, lines_with("verifier_reports_each_rule_of_a_place", "each rule"), 4);
}

static void verifier_reports_anew_after_forgetting(struct kunit *test)
{
	void *place = verifier_reports_anew_after_forgetting;

	minirq_violation(MINIRQ_RULE_LEAK, place, "anew");
	minirq_verifier_forget();
	minirq_violation(MINIRQ_RULE_LEAK, place, "anew");
	KUNIT_EXPECT_EQ(test, lines_with("verifier_reports_anew_after_forgetting", "anew"), 2);
}

/* A driver that breaks rules everywhere must not fill the log, or stop us. */
static void verifier_full_is_silent_and_counts(struct kunit *test)
{
	unsigned int before = minirq_verifier_count(MINIRQ_RULE_LEAK);
	unsigned int i;

	for (i = 0; i < 300; i++)
		minirq_violation(MINIRQ_RULE_LEAK, (void *)0x1000 + 64 * i, "full %u", i);
	KUNIT_EXPECT_EQ(test, minirq_verifier_count(MINIRQ_RULE_LEAK), before + 300);
	KUNIT_EXPECT_EQ(test, lines_with("InterruptLeft", "full 299"), 0);
	KUNIT_EXPECT_EQ(test, lines_with("InterruptLeft", "full 0"), 1);
}

static void verifier_every_rule_has_a_name(struct kunit *test)
{
	unsigned int a, b;

	for (a = 0; a < MINIRQ_RULE_COUNT; a++) {
		KUNIT_ASSERT_NOT_NULL(test, minirq_verifier_rule_name(a));
		for (b = 0; b < a; b++)
			KUNIT_EXPECT_STRNEQ(test, minirq_verifier_rule_name(a),
					    minirq_verifier_rule_name(b));
	}
}

static irqreturn_t never(int irq, void *dev)
{
	return IRQ_NONE;
}

static BOOLEAN do_nothing(PVOID context)
{
	return TRUE;
}

/* Not the call within minirq that found out. */
static void verifier_names_the_drivers_call(struct kunit *test)
{
	struct minirq_interrupt_config config = {
		.irqs = fake_irq_messages(test, 1), .name = "verifier_test", .handler = never,
	};
	struct minirq_interrupt *intr = minirq_interrupt_create(&config);
	KIRQL old;

	KUNIT_ASSERT_NOT_ERR_OR_NULL(test, intr);
	KeRaiseIrql(HIGH_LEVEL, &old);
	KeSynchronizeExecution(&intr->each[0], do_nothing, NULL);
	KeLowerIrql(old);
	minirq_interrupt_destroy(intr);
	KUNIT_EXPECT_EQ(test, lines_with("verifier_names_the_drivers_call",
					 "interrupt lock taken at IRQL"), 1);
}

static unsigned int break_a_costly_rule(void)
{
	unsigned int before = minirq_verifier_count(MINIRQ_RULE_IRQL_DISPATCH);
	KSPIN_LOCK lock;

	KeInitializeSpinLock(&lock);
	KeAcquireSpinLockAtDpcLevel(&lock);
	KeReleaseSpinLockFromDpcLevel(&lock);
	return minirq_verifier_count(MINIRQ_RULE_IRQL_DISPATCH) - before;
}

static void verifier_costly_checks_are_switched(struct kunit *test)
{
	KUNIT_EXPECT_FALSE(test, minirq_verifying());
	KUNIT_EXPECT_EQ(test, break_a_costly_rule(), 0);
	minirq_verifier_enable(true);
	KUNIT_EXPECT_TRUE(test, minirq_verifying());
	KUNIT_EXPECT_EQ(test, break_a_costly_rule(), 2);
	minirq_verifier_enable(false);
	KUNIT_EXPECT_EQ(test, break_a_costly_rule(), 0);
}

#define TIMES	1000

static void break_often(void *begin)
{
	int i;

	meet(begin);
	for (i = 0; i < TIMES; i++)
		minirq_violation(MINIRQ_RULE_LEAK, break_often, "from two CPUs");
}

static void verifier_two_cpus_report_one_place_once(struct kunit *test)
{
	unsigned int before = minirq_verifier_count(MINIRQ_RULE_LEAK);
	struct meeting begin = { .parties = 2 };
	struct task_struct *task[2];

	task[0] = start_on_cpu(1, break_often, &begin);
	task[1] = start_on_cpu(2, break_often, &begin);
	join(task[0]);
	join(task[1]);
	KUNIT_EXPECT_EQ(test, minirq_verifier_count(MINIRQ_RULE_LEAK), before + 2 * TIMES);
	KUNIT_EXPECT_EQ(test, lines_with("break_often", "from two CPUs"), 1);
}

static int verifier_init(struct kunit *test)
{
	need_cpus(test, 3);
	minirq_verifier_forget();
	return 0;
}

static void verifier_exit(struct kunit *test)
{
	minirq_verifier_enable(false);
	minirq_verifier_forget();
}

static struct kunit_case verifier_cases[] = {
	KUNIT_CASE(verifier_counts_each_time),
	KUNIT_CASE(verifier_reports_a_place_once),
	KUNIT_CASE(verifier_names_rule_place_and_cause),
	KUNIT_CASE(verifier_reports_each_place),
	KUNIT_CASE(verifier_reports_each_rule_of_a_place),
	KUNIT_CASE(verifier_reports_anew_after_forgetting),
	KUNIT_CASE(verifier_full_is_silent_and_counts),
	KUNIT_CASE(verifier_every_rule_has_a_name),
	KUNIT_CASE(verifier_names_the_drivers_call),
	KUNIT_CASE(verifier_costly_checks_are_switched),
	KUNIT_CASE(verifier_two_cpus_report_one_place_once),
	{}
};

static struct kunit_suite verifier_suite = {
	.name = "minirq_verifier",
	.init = verifier_init,
	.exit = verifier_exit,
	.test_cases = verifier_cases,
};

kunit_test_suite(verifier_suite);
