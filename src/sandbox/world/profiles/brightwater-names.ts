import type { NameStock } from "../company-profile.ts";

/** Given names of people whose families have been in Aotearoa long, or came from the islands, India, China or Britain. */
const GIVEN_NAMES = (
  "Āwhina Mānia Tāne Hēmi Kāhu Rāwiri Wīremu Māia Hinemoa Aroha Ngaire Tamati Rangi Kiri Pita Mereana " +
  "Sione Mele Tevita Lupe Ioane Sefa Losa Talia Manaia Fetu Semisi Ana Viliami Losaline " +
  "Aarav Ananya Priyanka Harpreet Gurpreet Vikram Kavya Rohan Meera Arjun Divya Sanjay Nisha Rahul " +
  "Wei Xin Jing Hao Mei Lin Yan Jun Fang Li " +
  "Olivia Jack Charlotte Thomas Isla Hamish Georgia Callum Harriet Fergus Phoebe Angus Imogen Duncan Freya Lachlan"
).split(" ");

const SURNAMES = [
  ..."Ngata Parāone Tāmihana Wētere Pōtae Rāpana Waititi Kīngi Hōhepa Tūhiwai Pōmare Heke Rua Tipene".split(" "),
  ..."Taufa Leota Fonoti Vaipulu Tuala Faleolo Latu Moala Sopoaga Tamapua Tupou Folau Leavasa".split(" "),
  ..."Singh Kaur Patel Sharma Reddy Nair Iyer Chopra Desai Menon Gill Bhatt Rao".split(" "),
  ..."Chen Wang Zhang Liu Huang Zhao Wu Zhou Xu Sun Lin Guo".split(" "),
  ..."Fraser Campbell McKenzie Sinclair Harding Whittaker Thornton Bell Hughes Marsden Kerr Doyle Sutherland".split(
    " ",
  ),
  // A name of two words, and one with an apostrophe.
  "Te Rangi",
  "Manu'a",
];

export const BRIGHTWATER_NAMES: NameStock = {
  given: GIVEN_NAMES,
  surnames: SURNAMES,
  preferred: new Map([
    ["Thomas", "Tom"],
    ["Wīremu", "Wī"],
    ["Charlotte", "Lottie"],
    ["Harpreet", "Harry"],
  ]),
};
