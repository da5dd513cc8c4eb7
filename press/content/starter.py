"""What a new handout begins with, as texts: TOPIC and TITLE stand for its own.

The comments are the lesson: whoever fills them in needs no manual beside it.
"""

BONES = """\
# yaml-language-server: $schema=../../schemas/handout.json
# What stands here is the same for every language. The words stand in en.yaml.
# To see what is left to do: python generate.py check TOPIC
topic: TOPIC
version: 1.0.0

# How many sides of paper the page may fill, and after how many months somebody must read it again.
sides: 1
review_months: 12

# Only for handouts that follow a naltrexone label: its forms, and the month of each label.
labels: []
label_basis: {}

# Where the claims come from, one line for each source, such as
#   - "MedlinePlus, amoxicillin, read on 2026-11-23"
sources: []

# The ids of the texts in en.yaml: the title, and whom the page is for.
title: title
audience: [for-whom]

# What the page must say. Give each such fact an id, and name it on the block that says it:
# a page without it is never printed. first_page lists the facts that must not slip to page 2.
requires:
  - facts: [M1]
first_page: [M1]

# The blocks in the order of reading. Each has an id, a kind, and the ids of its texts.
# Plain kinds: heading, paragraph, list, steps, table, contacts, write-in.
# Boxes: notice, warning, emergency, call, dates, panel; a pair puts two panels side by side.
# A block or a text can be left out for some readers:
#   needs: [appointment]     only if there is an appointment (lacks: only if there is none)
#   when: {mode: stopped}    only for people who stopped (also: none, normal, past-danger, due-today, overdue)
blocks:
  - id: main
    kind: notice
    texts: [main]
    facts: [M1]

  - id: what-name
    kind: heading
    texts: [what-name]
  - id: what
    kind: paragraph
    texts: [what-it-is, what-it-does]

  - id: how-name
    kind: heading
    texts: [how-name]
  - id: how
    kind: steps
    texts: [step-1, step-2, step-3]

  - id: effects-name
    kind: heading
    texts: [effects-name]
  - id: effects
    kind: list
    texts: [effect-1, effect-2, effect-3]

  # The text after `intro` is the name of the box.
  - id: call
    kind: call
    intro: call-name
    texts: [call-closed]
    blocks:
      - id: call-signs
        kind: list
        texts: [call-1, call-2]
"""

WORDS = """\
# yaml-language-server: $schema=../../schemas/words.json
# The English words of TOPIC. Write between the quotes, in short sentences and plain words.
# **Two stars** make words bold. {clinic_phone} puts in the clinic's number; more such names:
#   {clinic_name}  {after_hours_phone}  {appointment}  {today}  {emergency}  {poison}
# A text that you do not need: delete its line here, and its id in handout.yaml.
language: en
follows: 1.0.0

# Only a real person's name goes in here, after that person has read the words.
review:
  translator: ""
  reviewer: ""
  reviewed_on: ""

texts:
  # What the page is called, such as: How to take your antibiotic
  title: TITLE
  # Such as: For people who take amoxicillin.
  for-whom: ""

  # The one thing that everybody must know, even if they read no further.
  main: ""

  # A heading, such as: What it is
  what-name: ""
  # One sentence each: what it is, and what it does for the reader.
  what-it-is: ""
  what-it-does: ""

  # A heading, such as: How to take it
  how-name: ""
  # One thing to do in each step.
  step-1: ""
  step-2: ""
  step-3: ""

  # A heading, such as: Common side effects
  effects-name: ""
  # A few words each. A list holds seven at most.
  effect-1: ""
  effect-2: ""
  effect-3: ""

  # Such as: Call us today for these: {clinic_phone}
  call-name: ""
  # Such as: When we are closed, call **{after_hours_phone}**.
  call-closed: ""
  # The signs to call for, a few words each.
  call-1: ""
  call-2: ""
"""
