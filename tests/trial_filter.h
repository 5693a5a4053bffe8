/* SPDX-License-Identifier: GPL-2.0-only */
#ifndef TRIAL_FILTER_H
#define TRIAL_FILTER_H

MINIPORT_SET_OPTIONS TrialSetOptions;

#endif
